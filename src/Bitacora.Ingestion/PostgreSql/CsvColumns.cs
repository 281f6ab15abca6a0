namespace Bitacora.Ingestion.PostgreSql;

/// <summary>
/// Walks over the columns of one record of CSV. A column in quotes may hold commas, ends of lines, and doubled quotes for one.
/// </summary>
internal ref struct CsvColumns(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private int _next;

    /// <summary>The column as it is written, without the quotes around it.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>There are doubled quotes in the column.</summary>
    public bool HasQuotes { get; private set; }

    public bool IsQuoted { get; private set; }

    /// <summary>The text ends within quotes, or goes on behind them: no columns follow.</summary>
    public bool IsTorn { get; private set; }

    /// <summary>There are no more columns.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Where the next column begins.</summary>
    public readonly int At => _next;

    public bool MoveNext()
    {
        if (IsAtEnd || IsTorn)
        {
            return false;
        }

        var rest = _text[_next..];
        HasQuotes = false;
        IsQuoted = rest.Length > 0 && rest[0] == '"';
        int end;
        if (IsQuoted)
        {
            if (!TryFindClosing(rest, out end))
            {
                return false;
            }

            Value = rest[1..end];
            end++;
        }
        else
        {
            end = rest.IndexOf((byte)',');
            end = end < 0 ? rest.Length : end;
            Value = rest[..end];
        }

        IsAtEnd = end == rest.Length;
        _next += end + (IsAtEnd ? 0 : 1);
        return true;
    }

    /// <summary>Writes a column with one quote for each two.</summary>
    /// <returns>The length; never longer than the column.</returns>
    public static int Unquote(ReadOnlySpan<byte> value, Span<byte> target)
    {
        var length = 0;
        for (var at = value.IndexOf("\"\""u8); at >= 0; at = value.IndexOf("\"\""u8))
        {
            value[..(at + 1)].CopyTo(target[length..]);
            length += at + 1;
            value = value[(at + 2)..];
        }

        value.CopyTo(target[length..]);
        return length + value.Length;
    }

    private bool TryFindClosing(ReadOnlySpan<byte> rest, out int end)
    {
        for (end = 1; ; end += 2)
        {
            var step = rest[end..].IndexOf((byte)'"');
            if (step < 0)
            {
                IsTorn = true;
                return false;
            }

            end += step;
            if (end + 1 == rest.Length || rest[end + 1] == ',')
            {
                return true;
            }

            if (rest[end + 1] != '"')
            {
                IsTorn = true;
                return false;
            }

            HasQuotes = true;
        }
    }
}
