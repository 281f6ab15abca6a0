namespace Bitacora.Records;

/// <summary>
/// What one record may hold, in bytes of UTF-8. A record beyond a limit is cut to it and flagged with the attribute <c>truncated</c>,
/// never refused. The defaults are the product's; ingestion enforces them.
/// </summary>
public sealed record RecordLimits
{
    /// <summary>The defaults.</summary>
    public static RecordLimits Default { get; } = new();

    /// <summary>
    /// What the format itself can hold, for records that were judged when they were first written: a store that gives them back neither
    /// cuts them nor questions their times.
    /// </summary>
    public static RecordLimits Format { get; } = new()
    {
        Text = RecordBatch.MaxBytes,
        ShortField = ushort.MaxValue,
        AttributeName = ushort.MaxValue,
        AttributeValue = RecordBatch.MaxBytes,
        Attributes = ushort.MaxValue,
        Record = RecordBatch.MaxBytes,
        FutureTolerance = TimeSpan.FromTicks(RecordTime.Max / 2),
        IsFormat = true,
    };

    private bool IsFormat { get; init; }

    /// <summary>Message and traceback together; also the template alone. Default 1 MiB.</summary>
    public int Text { get; init; } = 1 << 20;

    /// <summary>Source, logger, host and each id. Default 256, at most 65,535 (the format's length field).</summary>
    public int ShortField { get; init; } = 256;

    /// <summary>An attribute's name. Default 200, at most 65,535.</summary>
    public int AttributeName { get; init; } = 200;

    /// <summary>An attribute's text value. Default 32 KiB.</summary>
    public int AttributeValue { get; init; } = 32 << 10;

    /// <summary>Attributes a record, beside the reserved ones. Default 256.</summary>
    public int Attributes { get; init; } = 256;

    /// <summary>Depth to which nested values are flattened; what lies deeper is kept as JSON text. Default 16.</summary>
    public int Nesting { get; init; } = 16;

    /// <summary>A whole record, encoded; the longest attributes are cut first. Default 2 MiB, at most 4 MiB.</summary>
    public int Record { get; init; } = 2 << 20;

    /// <summary>How far ahead of the clock a time may be before it becomes the time of arrival. Default 10 minutes.</summary>
    public TimeSpan FutureTolerance { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>All that is wrong with these limits, one sentence each; empty when they can be used.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        if (IsFormat)
        {
            return faults;
        }

        Check(nameof(Text), Text, 16, 4 << 20);
        Check(nameof(ShortField), ShortField, 4, ushort.MaxValue);
        Check(nameof(AttributeName), AttributeName, ReservedAttributes.LongestName, ushort.MaxValue);
        Check(nameof(AttributeValue), AttributeValue, 4, 4 << 20);
        Check(nameof(Attributes), Attributes, 0, 4096);
        Check(nameof(Nesting), Nesting, 1, 64);

        // Short fields, names and numbers are not cut for the whole record's sake, so they must fit into it.
        var uncut = (NamedFields.ShortCount * (long)ShortField) + (((long)Attributes + 8) * ((long)AttributeName + 16)) + 1024;
        Check(nameof(Record), Record, uncut, 4 << 20);
        if (FutureTolerance < TimeSpan.Zero || FutureTolerance > TimeSpan.FromDays(36_525))
        {
            faults.Add($"{nameof(FutureTolerance)} is {FutureTolerance}; it must lie between 0 and 100 years.");
        }

        return faults;

        void Check(string name, long value, long least, long most)
        {
            if (value < least || value > most)
            {
                faults.Add($"{name} is {value}; it must lie between {least} and {most}.");
            }
        }
    }
}
