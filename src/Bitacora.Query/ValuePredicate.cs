using Bitacora.Records;

namespace Bitacora.Query;

/// <summary>A condition on one value of a field, whatever its type; the value is there.</summary>
/// <remarks>Immutable, safe to use from several threads, allocates nothing. What is not text is judged by its text
/// (<see cref="ValueText"/>) unless the condition compares numbers.</remarks>
public abstract class ValuePredicate
{
    private protected ValuePredicate()
    {
    }

    /// <summary>Whether a text fulfils the condition.</summary>
    /// <param name="text">The text in UTF-8. In a named field an empty one means missing: do not ask then.</param>
    /// <returns>Whether it matches.</returns>
    public abstract bool Matches(ReadOnlySpan<byte> text);

    /// <summary>Whether an integer fulfils the condition.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Whether it matches.</returns>
    public virtual bool Matches(long value)
    {
        Span<byte> text = stackalloc byte[ValueText.MaxLength];
        return Matches(text[..ValueText.Write(value, text)]);
    }

    /// <summary>Whether a double fulfils the condition.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Whether it matches.</returns>
    public virtual bool Matches(double value)
    {
        Span<byte> text = stackalloc byte[ValueText.MaxLength];
        return Matches(text[..ValueText.Write(value, text)]);
    }

    /// <summary>Whether a truth value fulfils the condition.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Whether it matches.</returns>
    public virtual bool Matches(bool value) => Matches(value ? "true"u8 : "false"u8);

    /// <summary>Whether an attribute's value fulfils the condition.</summary>
    /// <param name="attribute">The attribute.</param>
    /// <returns>Whether it matches.</returns>
    public bool Matches(in AttributeReader attribute) => attribute.Type switch
    {
        AttributeType.String => Matches(attribute.String),
        AttributeType.Int64 => Matches(attribute.Int64),
        AttributeType.Double => Matches(attribute.Double),
        _ => Matches(attribute.Boolean),
    };
}
