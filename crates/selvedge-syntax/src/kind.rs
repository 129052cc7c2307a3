//! The kinds of the normalised tree, the same for every language, and the shape of each.

/// What a node is. The comment of each kind gives its children; `?` marks a place that holds
/// [`Kind::Absent`] when the source has nothing there, so that places never shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Kind {
    /// Nothing stands here.
    Absent,
    /// A file: statements.
    Module,
    /// Statements between braces or of one indentation.
    Block,

    /// An identifier; the text is its name.
    Name,
    /// A dotted path of an import: names.
    Path,
    /// A plain string; the text is what stands between the quotes, escapes as written.
    Str,
    /// A string with holes: [`Kind::Str`] parts and expressions. The text is `concat` or `both` where several
    /// literals stand beside each other.
    Interpolated,
    /// A number as written.
    Number,
    /// A constant of the language: `true`, `None`, `nil`…
    Constant,
    /// A regular expression literal; the text is its pattern.
    Regex,
    /// `callee`, `Args`.
    Call,
    /// `type`, `Args`, `Block?`.
    New,
    /// Arguments of a call or construction.
    Args,
    /// `Name`, `value`.
    KeywordArg,
    /// `value`; the text tells `*` from `**` and `...`.
    Spread,
    /// `object`, `Name`.
    Member,
    /// `object`, indices.
    Index,
    /// `start?`, `stop?`, `step?`.
    Slice,
    /// `left`, `right`; the text is the operator.
    Binary,
    /// `operand`; the text is the operator, with `post` before it when it stands after its operand.
    Unary,
    /// `target`, `value`; the text is the operator.
    Assign,
    /// `condition`, `then`, `otherwise`.
    Conditional,
    /// `Params`, `Type?`, body.
    Lambda,
    /// `value`.
    Await,
    /// `value?`; the text is `from` for a delegation.
    Yield,
    /// Elements.
    List,
    /// Elements.
    Tuple,
    /// Elements.
    Set,
    /// Pairs, spreads; of HCL also the assignments and calls of a block. The text is `{` for records.
    Dict,
    /// `key`, `value`.
    Pair,
    /// `element`, clauses; the text is the bracket.
    Comprehension,
    /// `target`, `iterable`.
    CompFor,
    /// `condition`.
    CompIf,
    /// `Type`, `value`.
    Cast,
    /// A type expression that is no plain name: parts.
    Type,
    /// `Name?`, `Modifiers` of attributes, `List` of children.
    Element,
    /// `Name`, `value?`.
    Attribute,

    /// `Modifiers`, `Name?`, `Params`, `Type?`, `Block?`.
    Function,
    /// Parameters.
    Params,
    /// `Name` or pattern, `Type?`, `default?`, and `Modifiers` if there are any; the text tells `*` from `**`.
    Param,
    /// `Modifiers`, `Name?`, `Bases`, `Block`; the text is the keyword.
    Class,
    /// Parents of a class.
    Bases,
    /// Decorators, annotations and modifiers of a definition.
    Modifiers,
    /// `expression`.
    Decorator,
    /// The text is the keyword.
    Modifier,
    /// `Modifiers`, `target`, `Type?`, `value?`.
    VarDef,
    /// `condition`, `Block`, `Block?`.
    If,
    /// `condition`, `Block`.
    While,
    /// `Block`, `condition`.
    DoWhile,
    /// `initial?`, `condition?`, `update?`, `Block`.
    For,
    /// `target`, `iterable`, `Block`.
    ForEach,
    /// `value?`.
    Return,
    /// `value?`, `cause?`.
    Raise,
    /// `resources?`, `Block`, `Catches`, `else?`, `Finally?`.
    Try,
    /// Handlers.
    Catches,
    /// `what?`, `Name?`, `Block`.
    Catch,
    /// `WithItem`s, `Block`.
    With,
    /// `Block`.
    Finally,
    /// `value`, `target?`.
    WithItem,
    /// `subject?`, cases.
    Switch,
    /// `Patterns`, `guard?`, `Block`.
    Case,
    /// Patterns of a case.
    Patterns,
    /// `Path`, `Name?`.
    Import,
    /// `Path`, items.
    ImportFrom,
    /// `Name`, `alias?`.
    ImportItem,
    /// `condition`, `message?`.
    Assert,
    /// Targets.
    Delete,
    /// `label?`; the text is the keyword.
    Jump,
    /// `Name`, statement.
    Labeled,
    /// Names; the text is the keyword.
    Global,
    /// Anything else: named parts; the text is the grammar's name for it, or the source of a leaf.
    Other,

    /// Only in patterns: `...`.
    Ellipsis,
    /// Only in patterns: `<... e ...>`.
    DeepEllipsis,
    /// Only in patterns: `$X`.
    Metavariable,
    /// Only in patterns: `$...X`.
    MetaEllipsis,
    /// Only in patterns: a metavariable with a `Type`.
    TypedMetavariable,
}

impl Kind {
    /// How many kinds there are.
    pub const COUNT: usize = Self::TypedMetavariable as usize + 1;

    /// Whether nodes of this kind are expressions, which a bare metavariable matches.
    pub fn is_expression(self) -> bool {
        matches!(
            self,
            Self::Name
                | Self::Str
                | Self::Interpolated
                | Self::Number
                | Self::Constant
                | Self::Regex
                | Self::Call
                | Self::New
                | Self::Member
                | Self::Index
                | Self::Slice
                | Self::Binary
                | Self::Unary
                | Self::Assign
                | Self::Conditional
                | Self::Lambda
                | Self::Await
                | Self::Yield
                | Self::List
                | Self::Tuple
                | Self::Set
                | Self::Dict
                | Self::Comprehension
                | Self::Cast
                | Self::Element
                | Self::Other
        )
    }

    /// Whether it opens a scope of names.
    pub fn is_scope(self) -> bool {
        matches!(self, Self::Module | Self::Function | Self::Lambda | Self::Class)
    }
}
