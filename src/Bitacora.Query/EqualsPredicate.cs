using System.Text;
using Bitacora.Query.Parsing;

namespace Bitacora.Query;

/// <summary><c>=</c>: the same text, exact and case-sensitive; with a numeric literal the same number, where the value is one.</summary>
public sealed class EqualsPredicate : ValuePredicate
{
    private readonly byte[] _text;

    internal EqualsPredicate(string text, QueryNumber? number)
    {
        Text = text;
        Number = number;
        _text = Encoding.UTF8.GetBytes(text);
    }

    /// <summary>The text that text values must equal.</summary>
    public string Text { get; }

    /// <summary>The number that integers and doubles must equal, or null: then their text must equal <see cref="Text"/>.</summary>
    public QueryNumber? Number { get; }

    /// <inheritdoc/>
    public override bool Matches(ReadOnlySpan<byte> text) => text.SequenceEqual(_text);

    /// <inheritdoc/>
    public override bool Matches(long value) =>
        Number is QueryNumber number ? new QueryNumber(value).Equals(number) : base.Matches(value);

    /// <inheritdoc/>
    public override bool Matches(double value) =>
        Number is QueryNumber number ? new QueryNumber(value).Equals(number) : base.Matches(value);

    /// <inheritdoc/>
    public override string ToString() => $"={Quoting.Quote(Text)}";
}
