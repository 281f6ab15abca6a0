using System.Text;
using Bitacora.Query.Evaluation;
using Bitacora.Records;

namespace Bitacora.Query;

/// <summary>A field that a query names: one of the record's own, or an attribute.</summary>
/// <remarks>Immutable. Two references are equal if they mean the same field, however it was written.</remarks>
public sealed class FieldReference : IEquatable<FieldReference>
{
    private readonly byte[] _utf8Name;

    private FieldReference(FieldKind kind, string name, string written, NamedField text = default)
    {
        Kind = kind;
        Name = name;
        Written = written;
        Text = text;
        _utf8Name = Encoding.UTF8.GetBytes(name);
    }

    /// <summary>What the name means.</summary>
    public FieldKind Kind { get; }

    /// <summary>The field's own name; of an attribute without <c>metadata.</c> before it.</summary>
    public string Name { get; }

    /// <summary>The name as the query writes it, which is also the name of its column.</summary>
    public string Written { get; }

    /// <summary>Which text field it is, where <see cref="Kind"/> is <see cref="FieldKind.Text"/>.</summary>
    public NamedField Text { get; }

    /// <summary><see cref="Name"/> in UTF-8.</summary>
    public ReadOnlySpan<byte> Utf8Name => _utf8Name;

    /// <summary>Whether the field is an id: a text that may well be a number (<c>user_id</c>, <c>trace_id</c> and the like).</summary>
    internal bool IsIdentifier => Kind == FieldKind.Text
        && Text is NamedField.RequestId or NamedField.UserId or NamedField.SessionId or NamedField.TraceId or NamedField.SpanId;

    /// <summary>Whether <c>:</c> searches the field for a substring instead of comparing the whole value.</summary>
    internal bool IsSearched => Kind == FieldKind.Text && Text is NamedField.Message or NamedField.Traceback;

    /// <summary>The field that a name in a query means.</summary>
    /// <param name="written">The name: of a record's field, <c>metadata.x</c> or <c>attributes.x</c>, or any attribute's.</param>
    /// <returns>The field; a name that is not a record's own is an attribute.</returns>
    public static FieldReference Parse(string written)
    {
        ArgumentNullException.ThrowIfNull(written);
        foreach (string prefix in (ReadOnlySpan<string>)["metadata.", "attributes."])
        {
            if (written.Length > prefix.Length && written.StartsWith(prefix, StringComparison.Ordinal))
            {
                return new FieldReference(FieldKind.Attribute, written[prefix.Length..], written);
            }
        }

        FieldKind kind = written switch
        {
            "level" => FieldKind.Level,
            "layer" => FieldKind.Layer,
            "time" or "timestamp" => FieldKind.Time,
            "duration_ms" => FieldKind.Duration,
            "id" => FieldKind.Id,
            _ => FieldKind.Attribute,
        };
        return kind == FieldKind.Time ? new FieldReference(kind, "time", written)
            : kind != FieldKind.Attribute ? new FieldReference(kind, written, written)
            : NamedFields.TryParse(written, out NamedField text) ? new FieldReference(FieldKind.Text, written, written, text)
            : new FieldReference(kind, written, written);
    }

    /// <summary>The field's value in a record, for rows that show chosen fields.</summary>
    /// <param name="record">The record.</param>
    /// <returns>Null if it is missing; a string, a long, a double, a bool, or for the time a UTC <see cref="DateTimeOffset"/>.</returns>
    public object? ValueIn(LogRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        switch (Kind)
        {
            case FieldKind.Text:
                return record.Text(Text);
            case FieldKind.Level:
                return Levels.Name(record.Level);
            case FieldKind.Layer:
                return FieldText.NameOf(record.Layer);
            case FieldKind.Time:
                return RecordTime.ToDateTimeOffset(record.Time);
            case FieldKind.Duration:
                return record.DurationMs;
            case FieldKind.Id:
                return record.Id.ToString();
        }

        foreach ((string name, AttributeValue value) in record.Attributes)
        {
            if (name == Name)
            {
                return value.Type switch
                {
                    AttributeType.Int64 => value.Int64,
                    AttributeType.Double => value.Double,
                    AttributeType.Boolean => value.Boolean,
                    _ => value.String,
                };
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public bool Equals(FieldReference? other) => other is not null && Kind == other.Kind && Name == other.Name;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FieldReference);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Name);

    /// <summary>The name as the query writes it.</summary>
    /// <returns><see cref="Written"/>.</returns>
    public override string ToString() => Written;
}
