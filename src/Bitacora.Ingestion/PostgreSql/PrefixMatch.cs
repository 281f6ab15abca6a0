namespace Bitacora.Ingestion.PostgreSql;

/// <summary>Where the fields of a line's prefix lie, and what stands behind it. Used again and again.</summary>
internal sealed class PrefixMatch
{
    private readonly Range[] _fields = new Range[(int)PostgreSqlField.Count];

    /// <summary>Whether the time is in seconds since 1970.</summary>
    public bool IsEpoch { get; set; }

    /// <summary>How often a part of the prefix may still be tried elsewhere: names may look like what follows them.</summary>
    public int Tries { get; set; }

    /// <summary>What the line is: a severity, or what it adds to a record.</summary>
    public PostgreSqlField Label { get; private set; }

    public int TextStart { get; private set; }

    public Range Field(PostgreSqlField field) => _fields[(int)field];

    public void Begin()
    {
        Array.Clear(_fields);
        IsEpoch = false;
        Tries = 200;
    }

    public void Set(PostgreSqlField field, int start, int end) => _fields[(int)field] = start..end;

    /// <summary>The prefix ends here if a label follows.</summary>
    public bool TryEnd(ReadOnlySpan<byte> line, int at)
    {
        if (!LineLabel.TryRead(line, at, out var label, out var word, out var textStart))
        {
            return false;
        }

        Label = label;
        TextStart = textStart;
        _fields[(int)PostgreSqlField.Severity] = label == PostgreSqlField.Severity ? word : default;
        return true;
    }
}
