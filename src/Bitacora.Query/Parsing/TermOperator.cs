namespace Bitacora.Query.Parsing;

/// <summary>The operator between a field and its value.</summary>
internal enum TermOperator
{
    None,
    Colon,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Regex,
    NotRegex,
}
