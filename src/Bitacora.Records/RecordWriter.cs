using Bitacora.Records.Format;

namespace Bitacora.Records;

/// <summary>
/// Writes one record into a <see cref="RecordBatchBuilder"/>: set the fields in any order, then <see cref="TryCommit"/>. The first
/// value of a field or attribute wins. Texts are copied, made valid UTF-8 and cut to the limits at once, so the caller's buffers may be
/// reused. Nothing is allocated once the builder's buffers have grown.
/// </summary>
public readonly ref struct RecordWriter
{
    private readonly RecordBatchBuilder _builder;
    private readonly RecordScratch _scratch;

    internal RecordWriter(RecordBatchBuilder builder, RecordScratch scratch)
    {
        _builder = builder;
        _scratch = scratch;
    }

    /// <summary>The level; INFO unless set.</summary>
    public Level Level
    {
        get => _scratch.Level;
        set => _scratch.Level = value;
    }

    /// <summary>The layer; application unless set.</summary>
    public Layer Layer
    {
        get => _scratch.Layer;
        set => _scratch.Layer = value;
    }

    /// <summary>
    /// The event's time in units of 100 ns since 1970. The time of arrival unless set, and where it is before 1970 or further ahead
    /// of the clock than <see cref="RecordLimits.FutureTolerance"/>; then the sender's stays in <c>original_time</c>.
    /// </summary>
    public void SetTime(long unixTicks) => _scratch.SetTime(unixTicks);

    /// <summary>Whether a time was set.</summary>
    public bool HasTime => _scratch.HasTime;

    /// <summary>The time that was set; undefined unless one was.</summary>
    public long Time => _scratch.Time;

    /// <summary>The duration in milliseconds.</summary>
    public void SetDuration(double milliseconds) => _scratch.SetDuration(milliseconds);

    /// <summary>Whether a duration was set.</summary>
    public bool HasDuration => _scratch.HasDuration;

    /// <summary>Sets a named text field; an empty text leaves it missing, a second one is ignored.</summary>
    public void SetText(NamedField field, ReadOnlySpan<byte> utf8) => _scratch.SetText(field, utf8);

    /// <inheritdoc cref="SetText(NamedField, ReadOnlySpan{byte})"/>
    public void SetText(NamedField field, ReadOnlySpan<char> text) => _scratch.SetText(field, text);

    /// <inheritdoc cref="SetText(NamedField, ReadOnlySpan{byte})"/>
    public void SetText(NamedField field, string? text) => _scratch.SetText(field, text.AsSpan());

    /// <summary>Whether a named text field was set.</summary>
    public bool Has(NamedField field) => _scratch.Has(field);

    /// <summary>Adds a text attribute, which may be empty.</summary>
    public void AddAttribute(ReadOnlySpan<byte> name, ReadOnlySpan<byte> utf8) =>
        _scratch.AddAttribute(name, AttributeType.String, utf8, 0);

    /// <summary>Adds an integer attribute.</summary>
    public void AddAttribute(ReadOnlySpan<byte> name, long value) => _scratch.AddAttribute(name, AttributeType.Int64, default, value);

    /// <summary>Adds a floating-point attribute.</summary>
    public void AddAttribute(ReadOnlySpan<byte> name, double value) =>
        _scratch.AddAttribute(name, AttributeType.Double, default, BitConverter.DoubleToInt64Bits(value));

    /// <summary>Adds a truth value as an attribute.</summary>
    public void AddAttribute(ReadOnlySpan<byte> name, bool value) =>
        _scratch.AddAttribute(name, AttributeType.Boolean, default, value ? 1 : 0);

    /// <inheritdoc cref="AddAttribute(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public void AddAttribute(AttributeName name, ReadOnlySpan<byte> utf8) => _scratch.AddAttribute(name, AttributeType.String, utf8, 0);

    /// <inheritdoc cref="AddAttribute(ReadOnlySpan{byte}, long)"/>
    public void AddAttribute(AttributeName name, long value) => _scratch.AddAttribute(name, AttributeType.Int64, default, value);

    /// <inheritdoc cref="AddAttribute(ReadOnlySpan{byte}, double)"/>
    public void AddAttribute(AttributeName name, double value) =>
        _scratch.AddAttribute(name, AttributeType.Double, default, BitConverter.DoubleToInt64Bits(value));

    /// <inheritdoc cref="AddAttribute(ReadOnlySpan{byte}, bool)"/>
    public void AddAttribute(AttributeName name, bool value) =>
        _scratch.AddAttribute(name, AttributeType.Boolean, default, value ? 1 : 0);

    /// <summary>Whether an attribute of that name was added.</summary>
    public bool HasAttribute(ReadOnlySpan<byte> name) => _scratch.HasAttribute(name);

    /// <summary>How many attributes it has so far.</summary>
    public int AttributeCount => _scratch.AttributeCount;

    /// <summary>Flags the record as cut (<c>truncated</c>).</summary>
    public void MarkTruncated() => _scratch.Truncated = true;

    /// <summary>
    /// Makes a form of what was set, for records that differ from this one in nothing but time, level, message and the slots. Null where
    /// this record was cut or its time was replaced, and where it has no such slot.
    /// </summary>
    /// <param name="slots">In their order.</param>
    public RecordForm? MakeForm(ReadOnlySpan<FormSlot> slots) => _builder.MakeForm(slots);

    /// <summary>
    /// Begins to fill in a form instead of setting the record's fields. What was set before remains, for the case that the values do not
    /// fit; what is set behind it is not in the record.
    /// </summary>
    /// <param name="form">Made under the limits of this batch's builder; under others nothing fits.</param>
    /// <param name="time">As <see cref="SetTime"/>; one that would be replaced does not fit.</param>
    /// <param name="level">The level.</param>
    /// <param name="message">The message.</param>
    /// <param name="room">The most bytes that the values of all slots take, without their lengths.</param>
    public FormWriter BeginFilling(RecordForm form, long time, Level level, scoped ReadOnlySpan<byte> message, int room)
    {
        ArgumentNullException.ThrowIfNull(form);
        ArgumentOutOfRangeException.ThrowIfNegative(room);
        return _builder.BeginFilling(form, time, level, message, room);
    }

    /// <summary>
    /// Puts the record into the batch, or says that the batch has no room: then freeze it and commit again, the fields are kept.
    /// </summary>
    /// <param name="originIndex">What <see cref="RecordBatchBuilder.AddOrigin"/> gave.</param>
    /// <param name="position">The record's number at its origin.</param>
    public bool TryCommit(int originIndex, ulong position) => _builder.TryCommit(originIndex, position);
}
