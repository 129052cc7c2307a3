//! Facts about log sources: channels, providers, event ids, record types, telling fields.

const SYSMON: (&str, &str) = ("Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-Sysmon");
const POWERSHELL: (&str, &str) = ("Microsoft-Windows-PowerShell/Operational", "Microsoft-Windows-PowerShell");
const CLASSIC: (&str, &str) = ("Windows PowerShell", "PowerShell");
const KERNEL_FILE: (&str, &str) = ("Microsoft-Windows-Kernel-File", "Microsoft-Windows-Kernel-File");

type Category = (&'static str, &'static str, &'static str, &'static [&'static str]);

const fn category(
    name: &'static str,
    at: (&'static str, &'static str),
    ids: &'static [&'static str],
) -> Category {
    (name, at.0, at.1, ids)
}

/// Windows categories: name, channel, provider, event ids.
pub(super) const CATEGORIES: &[Category] = &[
    category("process_creation", SYSMON, &["1"]),
    category("file_change", SYSMON, &["2"]),
    category("network_connection", SYSMON, &["3"]),
    category("sysmon_status", SYSMON, &["4", "16"]),
    category("process_termination", SYSMON, &["5"]),
    category("driver_load", SYSMON, &["6"]),
    category("image_load", SYSMON, &["7"]),
    category("create_remote_thread", SYSMON, &["8"]),
    category("raw_access_thread", SYSMON, &["9"]),
    category("process_access", SYSMON, &["10"]),
    category("file_event", SYSMON, &["11"]),
    category("registry_event", SYSMON, &["12", "13", "14"]),
    category("registry_add", SYSMON, &["12"]),
    category("registry_delete", SYSMON, &["12"]),
    category("registry_set", SYSMON, &["13"]),
    category("registry_rename", SYSMON, &["14"]),
    category("create_stream_hash", SYSMON, &["15"]),
    category("pipe_created", SYSMON, &["17", "18"]),
    category("wmi_event", SYSMON, &["19", "20", "21"]),
    category("dns_query", SYSMON, &["22"]),
    category("file_delete", SYSMON, &["23", "26"]),
    category("clipboard_capture", SYSMON, &["24"]),
    category("process_tampering", SYSMON, &["25"]),
    category("file_delete_detected", SYSMON, &["26"]),
    category("file_block_executable", SYSMON, &["27"]),
    category("file_block_shredding", SYSMON, &["28"]),
    category("file_executable_detected", SYSMON, &["29"]),
    category("sysmon_error", SYSMON, &["255"]),
    category("ps_module", POWERSHELL, &["4103"]),
    category("ps_script", POWERSHELL, &["4104"]),
    category("ps_classic_start", CLASSIC, &["400"]),
    category("ps_classic_provider_start", CLASSIC, &["600"]),
    category("ps_classic_script", CLASSIC, &["800"]),
    category("file_access", KERNEL_FILE, &[]),
    category("file_rename", KERNEL_FILE, &[]),
];

/// Windows services: name and channels.
pub(super) const SERVICES: &[(&str, &[&str])] = &[
    ("application", &["Application"]),
    (
        "applocker",
        &[
            "Microsoft-Windows-AppLocker/EXE and DLL",
            "Microsoft-Windows-AppLocker/MSI and Script",
            "Microsoft-Windows-AppLocker/Packaged app-Deployment",
            "Microsoft-Windows-AppLocker/Packaged app-Execution",
        ],
    ),
    ("appmodel-runtime", &["Microsoft-Windows-AppModel-Runtime/Admin"]),
    ("appxdeployment-server", &["Microsoft-Windows-AppXDeploymentServer/Operational"]),
    ("appxpackaging-om", &["Microsoft-Windows-AppxPackaging/Operational"]),
    ("bits-client", &["Microsoft-Windows-Bits-Client/Operational"]),
    ("capi2", &["Microsoft-Windows-CAPI2/Operational"]),
    (
        "certificateservicesclient-lifecycle-system",
        &["Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational"],
    ),
    ("codeintegrity-operational", &["Microsoft-Windows-CodeIntegrity/Operational"]),
    ("dhcp", &["Microsoft-Windows-DHCP-Server/Operational"]),
    ("diagnosis-scripted", &["Microsoft-Windows-Diagnosis-Scripted/Operational"]),
    (
        "dns-client",
        &["Microsoft-Windows-DNS Client Events/Operational", "Microsoft-Windows-DNS-Client/Operational"],
    ),
    ("dns-server", &["DNS Server"]),
    ("dns-server-analytic", &["Microsoft-Windows-DNS-Server/Analytical"]),
    ("dns-server-audit", &["Microsoft-Windows-DNS-Server/Audit"]),
    ("driver-framework", &["Microsoft-Windows-DriverFrameworks-UserMode/Operational"]),
    ("firewall-as", &["Microsoft-Windows-Windows Firewall With Advanced Security/Firewall"]),
    ("hyper-v-worker", &["Microsoft-Windows-Hyper-V-Worker-Admin", "Microsoft-Windows-Hyper-V-Worker"]),
    ("iis-configuration", &["Microsoft-IIS-Configuration/Operational"]),
    ("kernel-event-tracing", &["Microsoft-Windows-Kernel-EventTracing/Admin"]),
    ("kernel-shimengine", &["Microsoft-Windows-Kernel-ShimEngine/Operational"]),
    ("ldap", &["Microsoft-Windows-LDAP-Client/Debug"]),
    ("lsa-server", &["Microsoft-Windows-LSA/Operational"]),
    (
        "microsoft-servicebus-client",
        &[
            "Microsoft-ServiceBus-Client",
            "Microsoft-ServiceBus-Client/Admin",
            "Microsoft-ServiceBus-Client/Operational",
        ],
    ),
    ("msexchange-management", &["MSExchange Management"]),
    ("ntlm", &["Microsoft-Windows-NTLM/Operational"]),
    ("openssh", &["OpenSSH/Operational"]),
    ("powershell", &["Microsoft-Windows-PowerShell/Operational", "PowerShellCore/Operational"]),
    ("powershell-classic", &["Windows PowerShell"]),
    ("printservice-admin", &["Microsoft-Windows-PrintService/Admin"]),
    ("printservice-operational", &["Microsoft-Windows-PrintService/Operational"]),
    ("security", &["Security"]),
    (
        "security-mitigations",
        &[
            "Microsoft-Windows-Security-Mitigations/KernelMode",
            "Microsoft-Windows-Security-Mitigations/UserMode",
            "Microsoft-Windows-Security-Mitigations/Kernel Mode",
            "Microsoft-Windows-Security-Mitigations/User Mode",
        ],
    ),
    ("sense", &["Microsoft-Windows-SENSE/Operational"]),
    ("shell-core", &["Microsoft-Windows-Shell-Core/Operational"]),
    ("smbclient-connectivity", &["Microsoft-Windows-SmbClient/Connectivity"]),
    ("smbclient-security", &["Microsoft-Windows-SmbClient/Security"]),
    ("smbserver-connectivity", &["Microsoft-Windows-SMBServer/Connectivity"]),
    ("sysmon", &["Microsoft-Windows-Sysmon/Operational"]),
    ("system", &["System"]),
    ("taskscheduler", &["Microsoft-Windows-TaskScheduler/Operational"]),
    (
        "terminalservices-localsessionmanager",
        &["Microsoft-Windows-TerminalServices-LocalSessionManager/Operational"],
    ),
    ("vhdmp", &["Microsoft-Windows-VHDMP/Operational"]),
    ("windefend", &["Microsoft-Windows-Windows Defender/Operational"]),
    ("wmi", &["Microsoft-Windows-WMI-Activity/Operational"]),
];

/// Record types of the Linux audit system that rules ask for, and their kin.
pub(super) const LINUX_AUDIT_TYPES: &[&str] = &[
    "ADD_GROUP",
    "ADD_USER",
    "ANOM_ABEND",
    "ANOM_PROMISCUOUS",
    "AVC",
    "BPF",
    "BPRM_FCAPS",
    "CAPSET",
    "CONFIG_CHANGE",
    "CRED_ACQ",
    "CRED_DISP",
    "CRED_REFR",
    "CRYPTO_KEY_USER",
    "CWD",
    "DAEMON_CONFIG",
    "DAEMON_END",
    "DAEMON_START",
    "DEL_GROUP",
    "DEL_USER",
    "EOE",
    "EXECVE",
    "FD_PAIR",
    "FEATURE_CHANGE",
    "GRP_MGMT",
    "KERN_MODULE",
    "LOGIN",
    "MAC_STATUS",
    "MMAP",
    "MQ_OPEN",
    "NETFILTER_CFG",
    "OBJ_PID",
    "PATH",
    "PROCTITLE",
    "SECCOMP",
    "SERVICE_START",
    "SERVICE_STOP",
    "SOCKADDR",
    "SOCKETCALL",
    "SYSCALL",
    "SYSTEM_BOOT",
    "SYSTEM_SHUTDOWN",
    "TIME_ADJNTPVAL",
    "TIME_INJOFFSET",
    "TTY",
    "USER",
    "USER_ACCT",
    "USER_AUTH",
    "USER_AVC",
    "USER_CHAUTHTOK",
    "USER_CMD",
    "USER_END",
    "USER_ERR",
    "USER_LOGIN",
    "USER_LOGOUT",
    "USER_MGMT",
    "USER_START",
    "USER_TTY",
];

/// Fields in which formats name the program of a syslog line.
pub(super) const PROGRAM_FIELDS: &[&str] =
    &["app_name", "appname", "program", "ident", "SYSLOG_IDENTIFIER", "process.name"];

/// Services that are known by other programs than the one of their name.
pub(super) const PROGRAMS: &[(&str, &[&str])] = &[
    ("apache", &["apache2", "httpd"]),
    (
        "auth",
        &[
            "chage",
            "chpasswd",
            "gpasswd",
            "groupadd",
            "groupdel",
            "groupmod",
            "login",
            "passwd",
            "pkexec",
            "polkitd",
            "sshd",
            "sshd-auth",
            "sshd-session",
            "su",
            "sudo",
            "systemd-logind",
            "useradd",
            "userdel",
            "usermod",
        ],
    ),
    ("cron", &["anacron", "cron", "crond", "crontab"]),
    ("nginx", &["nginx"]),
    ("sshd", &["sshd", "sshd-auth", "sshd-session"]),
];

/// What shows a request to a web server, in the names of Sigma's taxonomy.
pub(super) const WEB_SERVER: &[Clue] = &[Clue::Has(&["cs-method"]), Clue::Has(&["cs-uri-stem", "cs-uri"])];

/// What shows that an event belongs to a cloud or platform log.
pub(super) enum Clue {
    /// One of these fields is there.
    Has(&'static [&'static str]),
    /// The field has one of these values.
    Is(&'static str, &'static [&'static str]),
    /// The line is of one of these programs.
    Program(&'static [&'static str]),
}

/// Platforms: product, service if only that one is meant, and clues that must all hold.
pub(super) const CLOUD: &[(&str, Option<&str>, &[Clue])] = &[
    ("aws", Some("cloudtrail"), &[Clue::Has(&["eventSource"]), Clue::Has(&["eventName"])]),
    (
        "azure",
        Some("activitylogs"),
        &[
            Clue::Has(&["operationName", "OperationName", "resourceId"]),
            Clue::Has(&["category", "properties.message", "eventDataId"]),
        ],
    ),
    (
        "azure",
        Some("auditlogs"),
        &[
            Clue::Has(&["activityDisplayName", "properties.message", "operationName"]),
            Clue::Has(&["loggedByService", "LoggedByService", "category", "Category"]),
        ],
    ),
    (
        "azure",
        Some("signinlogs"),
        &[
            Clue::Has(&[
                "userPrincipalName",
                "properties.userPrincipalName",
                "AppId",
                "appId",
                "properties.appId",
            ]),
            Clue::Has(&[
                "ResultType",
                "status.errorCode",
                "properties.status.errorCode",
                "conditionalAccessStatus",
                "properties.conditionalAccessStatus",
            ]),
        ],
    ),
    ("azure", Some("riskdetection"), &[Clue::Has(&["riskEventType", "properties.riskEventType"])]),
    ("azure", Some("pim"), &[Clue::Has(&["riskEventType", "alertType"])]),
    (
        "gcp",
        Some("gcp.audit"),
        &[Clue::Has(&["protoPayload.methodName", "data.protoPayload.methodName", "gcp.audit.method_name"])],
    ),
    (
        "gcp",
        Some("google_workspace.admin"),
        &[
            Clue::Has(&["eventService", "protoPayload.serviceName"]),
            Clue::Has(&["eventName", "protoPayload.metadata.event.eventName"]),
        ],
    ),
    (
        "gcp",
        Some("google_workspace.login"),
        &[Clue::Has(&["protoPayload.serviceName"]), Clue::Has(&["protoPayload.metadata.event.eventName"])],
    ),
    ("ci", Some("job_log"), &[Clue::Has(&["run_id", "pipeline_id"]), Clue::Has(&["repo", "project", "job"])]),
    (
        "docker",
        Some("events"),
        &[Clue::Has(&["Type"]), Clue::Has(&["Action"]), Clue::Has(&["Actor.ID", "scope"])],
    ),
    (
        "github",
        Some("webhook"),
        &[Clue::Has(&["ref"]), Clue::Has(&["forced"]), Clue::Has(&["repository.full_name"])],
    ),
    (
        "github",
        None,
        &[
            Clue::Has(&["action"]),
            Clue::Has(&["actor", "actor_id"]),
            Clue::Has(&["org", "org_id", "repo", "business", "_document_id"]),
        ],
    ),
    ("gitlab", Some("audit"), &[Clue::Has(&["event_type"]), Clue::Has(&["author_name", "author_id"])]),
    ("kubernetes", None, &[Clue::Has(&["verb"]), Clue::Has(&["objectRef.resource", "auditID"])]),
    ("m365", Some("audit"), &[Clue::Has(&["Workload", "Operation"])]),
    ("m365", Some("exchange"), &[Clue::Is("eventSource", &["Exchange"])]),
    ("m365", None, &[Clue::Is("eventSource", &["SecurityComplianceCenter"])]),
    ("mongodb", None, &[Clue::Has(&["c"]), Clue::Has(&["ctx"]), Clue::Has(&["msg"])]),
    ("mysql", None, &[Clue::Has(&["general_data.query", "general_data.command", "connection_data.db"])]),
    (
        "okta",
        None,
        &[
            Clue::Has(&["eventType", "eventtype"]),
            Clue::Has(&["actor.id", "actor.alternateId", "actor.alternateid"]),
        ],
    ),
    ("onelogin", None, &[Clue::Has(&["event_type_id"])]),
    ("bitbucket", None, &[Clue::Has(&["auditType.action"])]),
    ("postgresql", None, &[Clue::Has(&["error_severity"]), Clue::Has(&["backend_type", "state_code"])]),
    ("redis", None, &[Clue::Program(&["redis", "redis-server", "valkey-server"])]),
    ("opencanary", None, &[Clue::Has(&["logtype"]), Clue::Has(&["node_id"])]),
];
