namespace Bitacora.Query;

/// <summary>The value of one key of a group: a text, a bucket of time, or missing.</summary>
public readonly record struct GroupValue
{
    private GroupValue(string? text, long bucket)
    {
        Text = text;
        Bucket = bucket;
    }

    /// <summary>The group of the records that lack the field.</summary>
    public static GroupValue Missing => default;

    /// <summary>The text, or null if the value is missing or a bucket.</summary>
    public string? Text { get; }

    /// <summary>The begin of the bucket in ticks of 100 ns since 1970 UTC; meaningful for keys with buckets only.</summary>
    public long Bucket { get; }

    /// <summary>A text.</summary>
    /// <param name="text">The text, or null for missing.</param>
    /// <returns>The value.</returns>
    public static GroupValue Of(string? text) => new(text, 0);

    /// <summary>A bucket of time.</summary>
    /// <param name="begin">Its begin in ticks of 100 ns since 1970 UTC.</param>
    /// <returns>The value.</returns>
    public static GroupValue Of(long begin) => new(null, begin);
}
