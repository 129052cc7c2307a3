//! CSAF 2.0: the product tree, and what each vulnerability says of its products.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::{Affected, Justification, Product, Statement, Status};
use crate::reading::Context;
use crate::tree::Node;

/// Lists of `product_status` (3.2.3.9) and what they mean.
const LISTS: &[(&str, Status)] = &[
    ("known_not_affected", Status::NotAffected),
    ("known_affected", Status::Affected),
    ("first_affected", Status::Affected),
    ("last_affected", Status::Affected),
    ("fixed", Status::Fixed),
    ("first_fixed", Status::Fixed),
    ("under_investigation", Status::UnderInvestigation),
];

/// Details of products in one vulnerability, groups counted by their members. The largest advisories of
/// distributions have some ten thousand.
const MENTIONS_MAX: usize = 1_000_000;

pub(super) fn is_csaf(root: &Node<'_>) -> bool {
    root.at(&["document", "csaf_version"]).is_some()
}

pub(super) fn read(root: &Node<'_>, ctx: &mut Context<'_>) -> Vec<Statement> {
    let tree = root.get("product_tree");
    let products = tree.map(|tree| products(tree, ctx)).unwrap_or_default();
    let groups = tree.map(groups).unwrap_or_default();
    let author = root.at(&["document", "publisher"]).and_then(|it| it.shared("name"));
    let timestamp = root.at(&["document", "tracking"]).and_then(|it| it.shared("current_release_date"));
    let path: Arc<str> = ctx.path.into();
    let mut statements = Vec::new();
    for node in root.list("vulnerabilities") {
        let reader = Vulnerability { node, products: &products, groups: &groups };
        for mut statement in reader.statements(ctx) {
            statement.author.clone_from(&author);
            statement.path = Arc::clone(&path);
            statement.timestamp.clone_from(&timestamp);
            statements.push(statement);
        }
    }
    statements
}

/// All products by their identifier: branches, full names, and what relationships make of them.
fn products(tree: &Node<'_>, ctx: &mut Context<'_>) -> HashMap<String, Arc<Product>> {
    let mut known = HashMap::new();
    let mut pending: Vec<(&Node<'_>, Option<&str>)> =
        tree.list("branches").iter().map(|it| (it, None)).collect();
    while let Some((branch, range)) = pending.pop() {
        let range = match branch.text("category") {
            Some("product_version_range") => branch.text("name"),
            Some("product_version") => None,
            _ => range,
        };
        if let Some(node) = branch.get("product") {
            add(&mut known, node, range);
        }
        pending.extend(branch.list("branches").iter().map(|it| (it, range)));
    }
    for node in tree.list("full_product_names") {
        add(&mut known, node, None);
    }
    for node in tree.list("relationships") {
        relate(&mut known, node, ctx);
    }
    known
}

fn add(known: &mut HashMap<String, Arc<Product>>, node: &Node<'_>, range: Option<&str>) {
    let Some(id) = node.text("product_id") else { return };
    let helper = node.get("product_identification_helper");
    let purl = helper.and_then(|helper| {
        helper.text("purl").or_else(|| helper.list("purls").iter().find_map(Node::as_str))
    });
    let mut product = purl.map(Product::new).unwrap_or_default();
    purl.or_else(|| node.text("name")).unwrap_or(id).clone_into(&mut product.id);
    product
        .versions
        .extend(range.filter(|range| range.starts_with("vers:")).map(|it| Affected::Range(it.to_owned())));
    known.insert(id.to_owned(), Arc::new(product));
}

/// A component as part of another product: that product, with the component as what is meant of it.
fn relate(known: &mut HashMap<String, Arc<Product>>, node: &Node<'_>, ctx: &mut Context<'_>) {
    let part = node.text("product_reference").and_then(|id| known.get(id)).cloned();
    let whole = node.text("relates_to_product_reference").and_then(|id| known.get(id)).cloned();
    let id = node.at(&["full_product_name", "product_id"]).and_then(Node::as_str);
    let (Some(part), Some(whole), Some(id)) = (part, whole, id) else {
        ctx.wrong(node.start as usize, "expected a relationship between two products of the tree");
        return;
    };
    let own = node.get("full_product_name").map(|name| {
        let mut own = HashMap::new();
        add(&mut own, name, None);
        own
    });
    let own = own.and_then(|own| own.into_values().next()).filter(|own| own.purl.is_some());
    // A distribution is named by CPE at best: its packages are then known by their own package URLs.
    let joined = match own {
        Some(own) => own,
        None if whole.purl.is_none() && part.purl.is_some() => part,
        None => {
            Arc::new(Product { subcomponents: Arc::new([without_parts(&part)]), ..without_parts(&whole) })
        }
    };
    known.insert(id.to_owned(), joined);
}

/// The product itself: a tree of any depth becomes a whole and a part.
fn without_parts(product: &Product) -> Product {
    Product { subcomponents: Arc::default(), ..product.clone() }
}

fn groups<'n>(tree: &'n Node<'_>) -> HashMap<&'n str, Vec<&'n str>> {
    let one = |node: &'n Node<'_>| {
        let ids = node.list("product_ids").iter().filter_map(Node::as_str).collect();
        Some((node.text("group_id")?, ids))
    };
    tree.list("product_groups").iter().filter_map(one).collect()
}

/// What is said of one product beside its status.
#[derive(Default, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Details {
    justification: Option<Justification>,
    impact: Option<Arc<str>>,
    action: Option<Arc<str>>,
}

/// Products of which the same is said, and the byte where the first of them is named.
#[derive(Default)]
struct Alike {
    at: u32,
    products: Vec<Arc<Product>>,
}

struct Vulnerability<'n, 'a> {
    node: &'n Node<'a>,
    products: &'n HashMap<String, Arc<Product>>,
    groups: &'n HashMap<&'n str, Vec<&'n str>>,
}

impl<'n> Vulnerability<'n, '_> {
    /// One statement for every status and every set of details, so that each product keeps its own reason.
    fn statements(&self, ctx: &mut Context<'_>) -> Vec<Statement> {
        let details = self.details(ctx);
        let mut sorted: BTreeMap<(Status, Details), Alike> = BTreeMap::new();
        for (list, status) in LISTS {
            for node in self.node.at(&["product_status", list]).map_or(&[][..], Node::items) {
                let id = node.as_str().unwrap_or_default();
                let Some(product) = self.products.get(id) else {
                    ctx.wrong(node.start as usize, format!("the product tree has no product {id:?}"));
                    continue;
                };
                let key = (*status, details.get(id).cloned().unwrap_or_default());
                let fresh = || Alike { at: node.start, ..Alike::default() };
                sorted.entry(key).or_insert_with(fresh).products.push(Arc::clone(product));
            }
        }
        let vulnerabilities = self.identifiers();
        let one = |((status, details), alike): ((Status, Details), Alike)| Statement {
            vulnerabilities: Arc::clone(&vulnerabilities),
            products: alike.products,
            status,
            justification: details.justification.filter(|_| status == Status::NotAffected),
            impact: details.impact,
            action: details.action,
            line: ctx.line(alike.at as usize),
            ..Statement::default()
        };
        sorted.into_iter().map(one).collect()
    }

    fn identifiers(&self) -> Arc<[String]> {
        let ids = self.node.list("ids").iter().filter_map(|it| it.string("text"));
        self.node.string("cve").into_iter().chain(ids).collect()
    }

    /// Flags, impact threats and remediations by product.
    fn details(&self, ctx: &mut Context<'_>) -> HashMap<&'n str, Details> {
        let mut details: HashMap<&str, Details> = HashMap::new();
        let mut room = MENTIONS_MAX;
        let lists = ["flags", "threats", "remediations"].map(|list| (list, self.node.list(list)));
        for (list, node) in lists.iter().flat_map(|(list, nodes)| nodes.iter().map(move |node| (*list, node)))
        {
            let label = node.text("label").and_then(Justification::from_openvex);
            let words = node.shared("details");
            for id in self.about(node) {
                if room == 0 {
                    ctx.wrong(node.start as usize, format!("more than {MENTIONS_MAX} details of products"));
                    return details;
                }
                room -= 1;
                let detail = details.entry(id).or_default();
                match list {
                    "flags" => detail.justification = label,
                    "threats" if node.text("category") == Some("impact") => detail.impact.clone_from(&words),
                    "remediations" if detail.action.is_none() => detail.action.clone_from(&words),
                    _ => {}
                }
            }
        }
        details
    }

    /// Products that a detail is about, by identifier or group.
    fn about(&self, node: &'n Node<'_>) -> impl Iterator<Item = &'n str> {
        let direct = node.list("product_ids").iter().filter_map(Node::as_str);
        let grouped =
            node.list("group_ids").iter().filter_map(Node::as_str).filter_map(|id| self.groups.get(id));
        direct.chain(grouped.flatten().copied())
    }
}
