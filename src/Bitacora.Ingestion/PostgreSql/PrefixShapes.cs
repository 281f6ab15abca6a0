using Bitacora.Ingestion.Lines;

namespace Bitacora.Ingestion.PostgreSql;

/// <summary>Takes those fields of a prefix that are known by their own shape.</summary>
internal static class PrefixShapes
{
    /// <summary>An address is no longer: <c>NI_MAXHOST</c> of the C library, with a port.</summary>
    private const int LongestConnection = 1025 + 7;

    public static bool TryTake(PrefixStepKind kind, ref ByteCursor line) => kind switch
    {
        PrefixStepKind.Time => TryTakeTime(ref line),
        PrefixStepKind.Epoch => line.TryTakeNumber(out _) && line.TryTake((byte)'.') && line.TryTakeDigits(3, 3, out _),
        PrefixStepKind.Number => TryTakeNumber(ref line),
        PrefixStepKind.OptionalNumber => TakeNumberIfAny(ref line),
        PrefixStepKind.SqlState => TryTakeSqlState(ref line),
        PrefixStepKind.Session => TryTakeHex(ref line) && line.TryTake((byte)'.') && TryTakeHex(ref line),
        PrefixStepKind.VirtualTransaction => TryTakeVirtualTransaction(ref line),
        PrefixStepKind.Connection => TakeConnection(ref line),
        PrefixStepKind.Address => TakeAddress(ref line),
        _ => false,
    };

    /// <summary>A date, a time, and the zone: an abbreviation or an offset.</summary>
    private static bool TryTakeTime(ref ByteCursor line)
    {
        if (!TimeCursor.TryTakeDateTime(ref line, out _))
        {
            return false;
        }

        if (line.Next == ' ')
        {
            var length = 1;
            var isOffset = line.Peek(1) is (byte)'+' or (byte)'-';
            length += isOffset ? 1 : 0;
            while (isOffset ? (uint)(line.Peek(length) - '0') <= 9 : (uint)((line.Peek(length) | 0x20) - 'a') <= 'z' - 'a')
            {
                length++;
            }

            line.At += length > 2 ? length : 0;
        }

        return true;
    }

    private static bool TryTakeNumber(ref ByteCursor line)
    {
        // A query's id has 19 digits, and half of them a sign.
        var length = line.Next == '-' ? 1 : 0;
        var start = length;
        while ((uint)(line.Peek(length) - '0') <= 9)
        {
            length++;
        }

        if (length == start)
        {
            return false;
        }

        line.At += length;
        return true;
    }

    private static bool TakeNumberIfAny(ref ByteCursor line)
    {
        TryTakeNumber(ref line);
        return true;
    }

    private static bool TryTakeSqlState(ref ByteCursor line)
    {
        for (var i = 0; i < 5; i++)
        {
            if (line.Peek(i) is not ((>= (byte)'0' and <= (byte)'9') or (>= (byte)'A' and <= (byte)'Z')))
            {
                return false;
            }
        }

        line.At += 5;
        return true;
    }

    private static bool TryTakeHex(ref ByteCursor line)
    {
        var start = line.At;
        while (line.Next is (>= (byte)'0' and <= (byte)'9') or (>= (byte)'a' and <= (byte)'f') && line.At - start < 16)
        {
            line.At++;
        }

        return line.At > start;
    }

    private static bool TryTakeVirtualTransaction(ref ByteCursor line)
    {
        var start = line.At;
        if (!TryTakeNumber(ref line) || !line.TryTake((byte)'/') || !TryTakeNumber(ref line))
        {
            // Processes without a session have none.
            line.At = start;
        }

        return true;
    }

    private static bool TakeConnection(ref ByteCursor line)
    {
        var start = line.At;
        if (line.TryTake("[local]"u8))
        {
            return true;
        }

        var rest = line.Rest;
        rest = rest[..Math.Min(rest.Length, LongestConnection)];
        var open = rest.IndexOfAny((byte)'(', (byte)' ');
        line.At += Math.Max(0, open);
        if (open <= 0 || !line.TryTake((byte)'(') || !line.TryTakeDigits(1, 5, out _) || !line.TryTake((byte)')'))
        {
            line.At = start;
        }

        return true;
    }

    private static bool TakeAddress(ref ByteCursor line)
    {
        if (line.TryTake("[local]"u8) || line.TryTake("[none]"u8))
        {
            return true;
        }

        var start = line.At;
        while (line.Next is (>= (byte)'0' and <= (byte)'9') or (>= (byte)'a' and <= (byte)'f') or (byte)'.' or (byte)':')
        {
            line.At++;
        }

        // Before version 18 there was nothing, and what follows may be a colon.
        var address = line.Between(start, line.At);
        address = address.EndsWith(":"u8) && !AddressPort.IsAddress(address) ? address[..^1] : address;
        line.At = start + (AddressPort.IsAddress(address) ? address.Length : 0);
        return true;
    }
}
