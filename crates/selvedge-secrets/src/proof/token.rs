//! Shapes of prefixed tokens, one constant per issuer; each names where its form is published.

use super::alphabet::Alphabet::{
    Alnum, Alpha, Base64Url, Digits, Hex, HexUpper, LowerAlnum, Unreserved, UpperAlnum,
};
use super::shape::Part::{Run, Text};
use super::shape::{Form, Shape};

/// Fine-grained GitHub tokens: `github_pat_`, 22 characters that identify the token, `_`, 59 characters.
///
/// Source: GitHub Docs, "About authentication to GitHub", and GitHub's secret scanning patterns.
pub(super) static GITHUB_FINE_GRAINED: Shape = Shape {
    name: "github-fine-grained",
    forms: &[Form::secret(
        "fine-grained personal access token",
        &[Text("github_pat_"), Run(Alnum, 22, 22), Text("_"), Run(Alnum, 59, 59)],
    )],
};

/// Azure AD (Entra ID) client secrets: three characters, a digit, `Q~`, 31 to 34 characters.
///
/// Source: Microsoft Purview, "Azure AD client secret" sensitive information type; `7Q~` and `8Q~` are versions.
pub(super) static AZURE_AD_CLIENT_SECRET: Shape = Shape {
    name: "azure-ad-client-secret",
    forms: &[Form::secret(
        "client secret of an app registration",
        &[Run(Unreserved, 3, 3), Run(Digits, 1, 1), Text("Q~"), Run(Unreserved, 31, 34)],
    )],
};

/// Slack tokens of bots, users, apps and their rotating forms.
///
/// Source: Slack API docs, "Token types".
pub(super) static SLACK_TOKEN: Shape = Shape {
    name: "slack-token",
    forms: &[
        Form::secret(
            "bot token",
            &[
                Text("xoxb-"),
                Run(Digits, 10, 13),
                Text("-"),
                Run(Digits, 10, 13),
                Text("-"),
                Run(Alnum, 23, 34),
            ],
        ),
        Form::secret("legacy bot token", &[Text("xoxb-"), Run(Digits, 8, 14), Text("-"), Run(Alnum, 18, 34)]),
        Form::secret(
            "user token",
            &[
                Text("xoxp-"),
                Run(Digits, 10, 13),
                Text("-"),
                Run(Digits, 10, 13),
                Text("-"),
                Run(Digits, 10, 13),
                Text("-"),
                Run(Alnum, 28, 34),
            ],
        ),
        Form::secret(
            "app-level token",
            &[
                Text("xapp-"),
                Run(Digits, 1, 1),
                Text("-"),
                Run(UpperAlnum, 9, 12),
                Text("-"),
                Run(Digits, 12, 14),
                Text("-"),
                Run(Hex, 64, 64),
            ],
        ),
        Form::secret(
            "configuration access token",
            &[Text("xoxe.xoxp-"), Run(Digits, 1, 1), Text("-"), Run(Alnum, 160, 180)],
        ),
        Form::secret(
            "configuration access token",
            &[Text("xoxe.xoxb-"), Run(Digits, 1, 1), Text("-"), Run(Alnum, 160, 180)],
        ),
        Form::secret(
            "configuration refresh token",
            &[Text("xoxe-"), Run(Digits, 1, 1), Text("-"), Run(Alnum, 140, 150)],
        ),
        Form::secret(
            "legacy workspace token",
            &[Text("xoxa-"), Run(Digits, 1, 1), Text("-"), Run(Alnum, 8, 48)],
        ),
        Form::secret(
            "legacy workspace refresh token",
            &[Text("xoxr-"), Run(Digits, 1, 1), Text("-"), Run(Alnum, 8, 48)],
        ),
    ],
};

/// Slack incoming webhooks, workflow triggers included.
///
/// Source: Slack API docs, "Sending messages using incoming webhooks".
pub(super) static SLACK_WEBHOOK: Shape = Shape {
    name: "slack-webhook",
    forms: &[
        Form::secret(
            "incoming webhook",
            &[
                Text("https://hooks.slack.com/services/T"),
                Run(UpperAlnum, 7, 12),
                Text("/B"),
                Run(UpperAlnum, 7, 12),
                Text("/"),
                Run(Alnum, 23, 25),
            ],
        ),
        Form::secret(
            "workflow trigger",
            &[
                Text("https://hooks.slack.com/triggers/T"),
                Run(UpperAlnum, 7, 12),
                Text("/"),
                Run(Digits, 10, 16),
                Text("/"),
                Run(Hex, 32, 32),
            ],
        ),
    ],
};

/// Stripe keys; publishable keys are made to be public.
///
/// Source: Stripe docs, "API keys".
pub(super) static STRIPE: Shape = Shape {
    name: "stripe",
    forms: &[
        Form::secret("live secret key", &[Text("sk_live_"), Run(Alnum, 24, 247)]),
        Form::secret("live restricted key", &[Text("rk_live_"), Run(Alnum, 24, 247)]),
        Form::secret("test mode: secret key", &[Text("sk_test_"), Run(Alnum, 24, 247)]),
        Form::secret("test mode: restricted key", &[Text("rk_test_"), Run(Alnum, 24, 247)]),
        Form::secret("webhook signing secret", &[Text("whsec_"), Run(Alnum, 32, 64)]),
        Form::public("publishable key", &[Text("pk_live_"), Run(Alnum, 24, 247)]),
        Form::public("test mode: publishable key", &[Text("pk_test_"), Run(Alnum, 24, 247)]),
    ],
};

/// Telegram bot tokens: the bot's number, a colon, 35 characters that begin with `AA`.
///
/// Source: Telegram Bot API, "Authorizing your bot".
pub(super) static TELEGRAM_BOT: Shape = Shape {
    name: "telegram-bot",
    forms: &[Form::secret("bot token", &[Run(Digits, 8, 10), Text(":AA"), Run(Base64Url, 33, 33)])],
};

/// Twilio API key ids and account ids; the id alone is no secret, its secret stands beside it.
///
/// Source: Twilio docs, "API keys overview" and "String identifier (SID)".
pub(super) static TWILIO: Shape = Shape {
    name: "twilio",
    forms: &[
        Form::secret("API key", &[Text("SK"), Run(Hex, 32, 32)]),
        Form::public("account id", &[Text("AC"), Run(Hex, 32, 32)]),
    ],
};

/// `SendGrid` keys: `SG.`, 22 characters, `.`, 43 characters.
///
/// Source: Twilio `SendGrid` docs, "API keys".
pub(super) static SENDGRID: Shape = Shape {
    name: "sendgrid",
    forms: &[Form::secret(
        "API key",
        &[Text("SG."), Run(Base64Url, 22, 22), Text("."), Run(Base64Url, 43, 43)],
    )],
};

/// Mailgun keys, old and current, and the public validation key.
///
/// Source: Mailgun docs, "API keys".
pub(super) static MAILGUN: Shape = Shape {
    name: "mailgun",
    forms: &[
        Form::secret("private API key", &[Text("key-"), Run(Hex, 32, 32)]),
        Form::secret("API key", &[Run(Hex, 32, 32), Text("-"), Run(Hex, 8, 8), Text("-"), Run(Hex, 8, 8)]),
        Form::public("public validation key", &[Text("pubkey-"), Run(Hex, 32, 32)]),
    ],
};

/// Google API keys and OAuth client secrets.
///
/// Source: Google Cloud docs, "Manage API keys" and "Setting up OAuth 2.0".
pub(super) static GOOGLE: Shape = Shape {
    name: "google-api-key",
    forms: &[
        Form::secret("API key", &[Text("AIza"), Run(Base64Url, 35, 35)]),
        Form::secret("OAuth client secret", &[Text("GOCSPX-"), Run(Base64Url, 28, 28)]),
    ],
};

/// Firebase Cloud Messaging server keys.
///
/// Source: Firebase docs, "About FCM messages" (legacy server keys).
pub(super) static FIREBASE: Shape = Shape {
    name: "firebase",
    forms: &[Form::secret(
        "Cloud Messaging server key",
        &[Text("AAAA"), Run(Base64Url, 7, 7), Text(":APA91b"), Run(Base64Url, 134, 140)],
    )],
};

/// Docker Hub personal and organization access tokens.
///
/// Source: Docker docs, "Create and manage access tokens".
pub(super) static DOCKER_HUB: Shape = Shape {
    name: "docker-hub",
    forms: &[
        Form::secret("personal access token", &[Text("dckr_pat_"), Run(Base64Url, 27, 27)]),
        Form::secret("organization access token", &[Text("dckr_oat_"), Run(Base64Url, 32, 32)]),
    ],
};

/// `DigitalOcean` tokens: 64 hexadecimal digits behind the kind.
///
/// Source: `DigitalOcean` docs, "Personal access tokens" and the OAuth API reference.
pub(super) static DIGITALOCEAN: Shape = Shape {
    name: "digitalocean",
    forms: &[
        Form::secret("personal access token", &[Text("dop_v1_"), Run(Hex, 64, 64)]),
        Form::secret("OAuth access token", &[Text("doo_v1_"), Run(Hex, 64, 64)]),
        Form::secret("OAuth refresh token", &[Text("dor_v1_"), Run(Hex, 64, 64)]),
    ],
};

/// Shopify tokens: 32 hexadecimal digits behind the kind.
///
/// Source: Shopify developer docs, changelog "Length and format of access tokens".
pub(super) static SHOPIFY: Shape = Shape {
    name: "shopify",
    forms: &[
        Form::secret("admin API access token", &[Text("shpat_"), Run(Hex, 32, 32)]),
        Form::secret("custom app access token", &[Text("shpca_"), Run(Hex, 32, 32)]),
        Form::secret("private app password", &[Text("shppa_"), Run(Hex, 32, 32)]),
        Form::secret("shared secret", &[Text("shpss_"), Run(Hex, 32, 32)]),
    ],
};

/// Square access tokens and OAuth secrets.
///
/// Source: Square developer docs, "Access tokens" and "OAuth API".
pub(super) static SQUARE: Shape = Shape {
    name: "square",
    forms: &[
        Form::secret("access token", &[Text("EAAA"), Run(Base64Url, 60, 60)]),
        Form::secret("OAuth application secret", &[Text("sq0csp-"), Run(Base64Url, 43, 43)]),
        Form::secret("legacy access token", &[Text("sq0atp-"), Run(Base64Url, 22, 22)]),
    ],
};

/// Databricks personal access tokens.
///
/// Source: Databricks docs, "Personal access token authentication".
pub(super) static DATABRICKS: Shape = Shape {
    name: "databricks",
    forms: &[
        Form::secret("personal access token", &[Text("dapi"), Run(Hex, 32, 32)]),
        Form::secret(
            "personal access token",
            &[Text("dapi"), Run(Hex, 32, 32), Text("-"), Run(Digits, 1, 1)],
        ),
        Form::secret("OAuth secret", &[Text("dose"), Run(Hex, 32, 32)]),
    ],
};

/// `HashiCorp` Vault and Terraform Cloud tokens.
///
/// Source: Vault docs, "Tokens", and HCP Terraform docs, "API tokens".
pub(super) static HASHICORP: Shape = Shape {
    name: "hashicorp-vault",
    forms: &[
        Form::secret("Vault service token", &[Text("hvs."), Run(Base64Url, 90, 120)]),
        Form::secret("Vault service token", &[Text("hvs."), Run(Alnum, 24, 24)]),
        Form::secret("Vault batch token", &[Text("hvb."), Run(Base64Url, 138, 300)]),
        Form::secret("Vault recovery token", &[Text("hvr."), Run(Base64Url, 24, 120)]),
        Form::secret("Terraform API token", &[Run(Alnum, 14, 14), Text(".atlasv1."), Run(Base64Url, 60, 70)]),
    ],
};

/// Atlassian API tokens: their last eight digits are a checksum whose input is not published.
///
/// Source: Atlassian support, "Manage API tokens for your Atlassian account".
pub(super) static ATLASSIAN: Shape = Shape {
    name: "atlassian",
    forms: &[
        Form::secret(
            "API token",
            &[Text("ATATT3xFfGF0"), Run(Base64Url, 120, 240), Text("="), Run(HexUpper, 8, 8)],
        ),
        Form::secret(
            "access token of a repository, project or workspace",
            &[Text("ATCTT3xFfG"), Run(Base64Url, 120, 240), Text("="), Run(HexUpper, 8, 8)],
        ),
        Form::secret("Bitbucket app password", &[Text("ATBB"), Run(Alnum, 32, 32)]),
    ],
};

/// `RubyGems` API keys.
///
/// Source: `RubyGems` guides, "API key scopes".
pub(super) static RUBYGEMS: Shape =
    Shape { name: "rubygems", forms: &[Form::secret("API key", &[Text("rubygems_"), Run(Hex, 48, 48)])] };

/// crates.io API tokens.
///
/// Source: rust-lang/crates.io, `util/token.rs`: `cio` and 32 characters.
pub(super) static CRATES_IO: Shape =
    Shape { name: "crates-io", forms: &[Form::secret("API token", &[Text("cio"), Run(Alnum, 32, 32)])] };

/// `OpenAI` keys hold `T3BlbkFJ`, base64 of "`OpenAI`", between two random parts.
///
/// Source: `OpenAI`'s secret scanning partnership with GitHub, and the API reference, "Authentication".
pub(super) static OPENAI: Shape = Shape {
    name: "openai",
    forms: &[
        Form::secret(
            "project key",
            &[Text("sk-proj-"), Run(Base64Url, 74, 74), Text("T3BlbkFJ"), Run(Base64Url, 74, 74)],
        ),
        Form::secret(
            "project key",
            &[Text("sk-proj-"), Run(Base64Url, 58, 58), Text("T3BlbkFJ"), Run(Base64Url, 58, 58)],
        ),
        Form::secret(
            "project key",
            &[Text("sk-proj-"), Run(Alnum, 20, 20), Text("T3BlbkFJ"), Run(Alnum, 20, 20)],
        ),
        Form::secret(
            "service account key",
            &[Text("sk-svcacct-"), Run(Base64Url, 74, 74), Text("T3BlbkFJ"), Run(Base64Url, 74, 74)],
        ),
        Form::secret(
            "service account key",
            &[Text("sk-svcacct-"), Run(Base64Url, 58, 58), Text("T3BlbkFJ"), Run(Base64Url, 58, 58)],
        ),
        Form::secret(
            "admin key",
            &[Text("sk-admin-"), Run(Base64Url, 74, 74), Text("T3BlbkFJ"), Run(Base64Url, 74, 74)],
        ),
        Form::secret(
            "admin key",
            &[Text("sk-admin-"), Run(Base64Url, 58, 58), Text("T3BlbkFJ"), Run(Base64Url, 58, 58)],
        ),
        Form::secret("user key", &[Text("sk-"), Run(Alnum, 20, 20), Text("T3BlbkFJ"), Run(Alnum, 20, 20)]),
    ],
};

/// Anthropic keys end in `AA`, the padding of their base64.
///
/// Source: Anthropic's API docs and its secret scanning partnership with GitHub.
pub(super) static ANTHROPIC: Shape = Shape {
    name: "anthropic",
    forms: &[
        Form::secret("API key", &[Text("sk-ant-api03-"), Run(Base64Url, 93, 93), Text("AA")]),
        Form::secret("admin key", &[Text("sk-ant-admin01-"), Run(Base64Url, 93, 93), Text("AA")]),
        Form::secret("OAuth access token", &[Text("sk-ant-oat01-"), Run(Base64Url, 93, 93), Text("AA")]),
        Form::secret("OAuth refresh token", &[Text("sk-ant-ort01-"), Run(Base64Url, 93, 93), Text("AA")]),
    ],
};

/// Hugging Face user and organization tokens.
///
/// Source: Hugging Face Hub docs, "User access tokens".
pub(super) static HUGGINGFACE: Shape = Shape {
    name: "huggingface",
    forms: &[
        Form::secret("user access token", &[Text("hf_"), Run(Alpha, 34, 34)]),
        Form::secret("organization token", &[Text("api_org_"), Run(Alpha, 34, 34)]),
    ],
};

/// `PlanetScale` tokens and passwords.
///
/// Source: `PlanetScale` docs, "Service tokens" and "Password formats".
pub(super) static PLANETSCALE: Shape = Shape {
    name: "planetscale",
    forms: &[
        Form::secret("service token", &[Text("pscale_tkn_"), Run(Base64Url, 32, 64)]),
        Form::secret("database password", &[Text("pscale_pw_"), Run(Base64Url, 32, 64)]),
        Form::secret("OAuth token", &[Text("pscale_oauth_"), Run(Base64Url, 32, 64)]),
    ],
};

/// Cloudflare credentials: 40 characters and an eight-digit checksum whose input is not published.
///
/// Source: Cloudflare docs, "Token formats".
pub(super) static CLOUDFLARE: Shape = Shape {
    name: "cloudflare",
    forms: &[
        Form::secret(
            "global API key, full access to the account",
            &[Text("cfk_"), Run(Alnum, 40, 40), Run(Hex, 8, 8)],
        ),
        Form::secret("user API token", &[Text("cfut_"), Run(Alnum, 40, 40), Run(Hex, 8, 8)]),
        Form::secret("account API token", &[Text("cfat_"), Run(Alnum, 40, 40), Run(Hex, 8, 8)]),
    ],
};

/// Doppler tokens by kind.
///
/// Source: Doppler docs, "Token formats".
pub(super) static DOPPLER: Shape = Shape {
    name: "doppler",
    forms: &[
        Form::secret("personal token", &[Text("dp.pt."), Run(Alnum, 40, 44)]),
        Form::secret("CLI token", &[Text("dp.ct."), Run(Alnum, 40, 44)]),
        Form::secret("service account token", &[Text("dp.sa."), Run(Alnum, 40, 44)]),
        Form::secret("SCIM token", &[Text("dp.scim."), Run(Alnum, 40, 44)]),
        Form::secret("audit token", &[Text("dp.audit."), Run(Alnum, 40, 44)]),
    ],
};

/// New Relic keys by kind.
///
/// Source: New Relic docs, "New Relic API keys".
pub(super) static NEW_RELIC: Shape = Shape {
    name: "new-relic",
    forms: &[
        Form::secret("user key", &[Text("NRAK-"), Run(UpperAlnum, 27, 27)]),
        Form::secret("insert key", &[Text("NRII-"), Run(Base64Url, 32, 32)]),
        Form::public("browser key", &[Text("NRJS-"), Run(Hex, 19, 19)]),
    ],
};

/// Linear personal API keys.
///
/// Source: Linear developer docs, "Personal API keys".
pub(super) static LINEAR: Shape = Shape {
    name: "linear",
    forms: &[Form::secret("personal API key", &[Text("lin_api_"), Run(Alnum, 40, 40)])],
};

/// Postman API keys.
///
/// Source: Postman Learning Center, "Generate and use Postman API keys".
pub(super) static POSTMAN: Shape = Shape {
    name: "postman",
    forms: &[Form::secret("API key", &[Text("PMAK-"), Run(Hex, 24, 24), Text("-"), Run(Hex, 34, 34)])],
};

/// Pulumi access tokens.
///
/// Source: Pulumi docs, "Access tokens".
pub(super) static PULUMI: Shape =
    Shape { name: "pulumi", forms: &[Form::secret("access token", &[Text("pul-"), Run(Hex, 40, 40)])] };

/// Dynatrace tokens: prefix, public part of 24 characters, secret part of 64.
///
/// Source: Dynatrace docs, "Access tokens": `dt0c01.` and its kin.
pub(super) static DYNATRACE: Shape = Shape {
    name: "dynatrace",
    forms: &[
        Form::secret(
            "access token",
            &[Text("dt0c01."), Run(UpperAlnum, 24, 24), Text("."), Run(UpperAlnum, 64, 64)],
        ),
        Form::secret(
            "platform token",
            &[Text("dt0s16."), Run(UpperAlnum, 8, 24), Text("."), Run(UpperAlnum, 64, 64)],
        ),
    ],
};

/// Figma personal access tokens.
///
/// Source: Figma developer docs, "Manage personal access tokens".
pub(super) static FIGMA: Shape = Shape {
    name: "figma",
    forms: &[Form::secret("personal access token", &[Text("figd_"), Run(Base64Url, 38, 44)])],
};

/// Heroku tokens of the 2024 form.
///
/// Source: Heroku changelog, "New prefix for OAuth tokens": `HRKU-`.
pub(super) static HEROKU: Shape =
    Shape { name: "heroku", forms: &[Form::secret("API token", &[Text("HRKU-AA"), Run(Base64Url, 58, 58)])] };

/// Airtable personal access tokens: 14 characters that identify it, `.`, 64 hexadecimal digits.
///
/// Source: Airtable developer docs, "Personal access tokens".
pub(super) static AIRTABLE: Shape = Shape {
    name: "airtable",
    forms: &[Form::secret(
        "personal access token",
        &[Text("pat"), Run(Alnum, 14, 14), Text("."), Run(Hex, 64, 64)],
    )],
};

/// Clojars deploy tokens.
///
/// Source: Clojars wiki, "Deploy tokens".
pub(super) static CLOJARS: Shape = Shape {
    name: "clojars",
    forms: &[Form::secret("deploy token", &[Text("CLOJARS_"), Run(LowerAlnum, 60, 60)])],
};
