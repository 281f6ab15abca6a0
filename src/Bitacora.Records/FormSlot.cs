namespace Bitacora.Records;

/// <summary>
/// A place of a <see cref="RecordForm"/> whose value each record has for itself. The order of slots is that of their numbers, which is the
/// order in which an encoded record has them.
/// </summary>
public readonly record struct FormSlot
{
    private const int DurationNumber = NamedFields.ShortCount;
    private const int Attributes = DurationNumber + 1;

    private FormSlot(int number) => Number = number;

    /// <summary>The duration.</summary>
    public static FormSlot Duration => new(DurationNumber);

    /// <summary>Whether it is a field's.</summary>
    public bool IsShortText => Number < DurationNumber;

    private int Number { get; }

    /// <summary>A short text field, one of those before <see cref="NamedField.Message"/>.</summary>
    public static FormSlot Of(NamedField field)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((int)field, NamedFields.ShortCount, nameof(field));
        return new FormSlot((int)field);
    }

    /// <summary>The value of an attribute that is text, an integer or a double.</summary>
    /// <param name="index">How many attributes of the record were added before it (<see cref="RecordWriter.AttributeCount"/>).</param>
    public static FormSlot Attribute(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return new FormSlot(Attributes + index);
    }
}
