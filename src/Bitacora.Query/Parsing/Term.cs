namespace Bitacora.Query.Parsing;

/// <summary>One leaf of a filter as it is written: a text, or a field's value.</summary>
/// <param name="Start">Index of its first character, behind a NOT or <c>-</c>.</param>
/// <param name="ValueStart">Index of its value's first character, which may be a quote.</param>
/// <param name="End">Index behind it.</param>
/// <param name="Field">The field, or null for a bare text.</param>
/// <param name="Operator">Between field and value.</param>
/// <param name="Value">The value, without quotes and escapes.</param>
/// <param name="IsQuoted">Whether the value stands in quotes.</param>
/// <param name="IsInFieldGroup">Whether the field stands before a group around the value.</param>
internal sealed record Term(
    int Start,
    int ValueStart,
    int End,
    FieldReference? Field,
    TermOperator Operator,
    string Value,
    bool IsQuoted,
    bool IsInFieldGroup)
{
    /// <summary>Whether a <c>-</c> stands before it.</summary>
    internal bool HasMinus { get; init; }
}
