using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Bitacora.Query.Parsing;

namespace Bitacora.Query;

/// <summary><c>~</c>: .NET's non-backtracking expressions, invariant culture, unanchored, on the unfolded text.</summary>
public sealed class RegexPredicate : ValuePredicate
{
    /// <summary>The longest expression, in bytes of UTF-8.</summary>
    internal const int MaximumBytes = 1024;

    private const int StackCharacters = 512;

    internal RegexPredicate(Regex expression) => Expression = expression;

    /// <summary>The expression.</summary>
    public Regex Expression { get; }

    /// <inheritdoc/>
    public override bool Matches(ReadOnlySpan<byte> text)
    {
        // A text never has more UTF-16 units than UTF-8 bytes.
        if (text.Length <= StackCharacters)
        {
            Span<char> characters = stackalloc char[StackCharacters];
            return Expression.IsMatch(characters[..Encoding.UTF8.GetChars(text, characters)]);
        }

        char[] rented = ArrayPool<char>.Shared.Rent(text.Length);
        try
        {
            return Expression.IsMatch(rented.AsSpan(0, Encoding.UTF8.GetChars(text, rented)));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(rented);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"~{Quoting.Quote(Expression.ToString())}";
}
