using System.Globalization;

namespace Bitacora.Records;

/// <summary>The value of an attribute of a <see cref="LogRecord"/>: a string, a long, a double or a bool.</summary>
public readonly record struct AttributeValue
{
    private readonly string? _text;
    private readonly long _bits;

    private AttributeValue(AttributeType type, string? text, long bits) => (Type, _text, _bits) = (type, text, bits);

    /// <summary>The value's type.</summary>
    public AttributeType Type { get; }

    /// <summary>A text value.</summary>
    public static AttributeValue From(string value) => new(AttributeType.String, value, 0);

    /// <summary>An integer value.</summary>
    public static AttributeValue From(long value) => new(AttributeType.Int64, null, value);

    /// <summary>A floating-point value.</summary>
    public static AttributeValue From(double value) => new(AttributeType.Double, null, BitConverter.DoubleToInt64Bits(value));

    /// <summary>A truth value.</summary>
    public static AttributeValue From(bool value) => new(AttributeType.Boolean, null, value ? 1 : 0);

    /// <summary>The text, of a string only; otherwise the empty string.</summary>
    public string String => _text ?? "";

    /// <summary>The integer, of an <see cref="AttributeType.Int64"/> only.</summary>
    public long Int64 => _bits;

    /// <summary>The number, of a <see cref="AttributeType.Double"/> only.</summary>
    public double Double => BitConverter.Int64BitsToDouble(_bits);

    /// <summary>The truth value, of a <see cref="AttributeType.Boolean"/> only.</summary>
    public bool Boolean => _bits != 0;

    /// <summary>
    /// The value as the query language sees it as text: integers in decimal, doubles by the shortest form that reads back the same
    /// (zero without sign), <c>true</c> and <c>false</c>.
    /// </summary>
    public string Text => Type switch
    {
        AttributeType.String => String,
        AttributeType.Int64 => Int64.ToString(CultureInfo.InvariantCulture),
        AttributeType.Double => ValueText.Of(Double),
        _ => Boolean ? "true" : "false",
    };

    /// <inheritdoc/>
    public override string ToString() => Text;
}
