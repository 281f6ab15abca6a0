using System.Globalization;
using System.Text;
using Bitacora.Records;

namespace Bitacora.Storage.Cassandra.Writing;

/// <summary>
/// The keys of a manifest's <c>counts</c>: <c>minute|LEVEL|source|logger</c>, minutes since 1970, with <c>%</c> and <c>|</c> in names
/// percent-escaped, so that people can read them.
/// </summary>
internal static class CountNames
{
    /// <summary>Bytes that any key fits in.</summary>
    public static int MaxLength(int names) => 32 + (names * 3);

    /// <summary>Writes a key and returns its length.</summary>
    public static int Write(Span<byte> destination, long minute, Level level, ReadOnlySpan<byte> source, ReadOnlySpan<byte> logger)
    {
        minute.TryFormat(destination, out var length, default, CultureInfo.InvariantCulture);
        destination[length++] = (byte)'|';
        var name = Levels.Utf8Name(level);
        name.CopyTo(destination[length..]);
        length += name.Length;
        destination[length++] = (byte)'|';
        length += Escape(source, destination[length..]);
        destination[length++] = (byte)'|';
        return length + Escape(logger, destination[length..]);
    }

    /// <summary>Reads a key. The names lie in it, but for escaped ones.</summary>
    /// <returns>False where this version does not understand it.</returns>
    public static bool TryRead(
        ReadOnlySpan<byte> key, out long minute, out Level level, out ReadOnlySpan<byte> source, out ReadOnlySpan<byte> logger)
    {
        (minute, level) = (0, Level.Info);
        source = logger = default;
        Span<Range> parts = stackalloc Range[5];
        if (Split(key, parts) != 4 || !long.TryParse(key[parts[0]], NumberStyles.None, CultureInfo.InvariantCulture, out minute)
            || !Levels.TryParse(key[parts[1]], out level))
        {
            return false;
        }

        source = Unescape(key[parts[2]]);
        logger = Unescape(key[parts[3]]);
        return source.Length <= ushort.MaxValue && logger.Length <= ushort.MaxValue;
    }

    private static ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> name) => name.Contains((byte)'%')
        ? Encoding.UTF8.GetBytes(Uri.UnescapeDataString(Encoding.UTF8.GetString(name)))
        : name;

    private static int Split(ReadOnlySpan<byte> key, Span<Range> parts)
    {
        var count = 0;
        var begin = 0;
        for (var i = 0; i <= key.Length; i++)
        {
            if (i == key.Length || key[i] == '|')
            {
                if (count == parts.Length)
                {
                    return count + 1;
                }

                parts[count++] = begin..i;
                begin = i + 1;
            }
        }

        return count;
    }

    private static int Escape(ReadOnlySpan<byte> name, Span<byte> destination)
    {
        if (name.IndexOfAny((byte)'%', (byte)'|') < 0)
        {
            name.CopyTo(destination);
            return name.Length;
        }

        var length = 0;
        foreach (var value in name)
        {
            if (value is (byte)'%' or (byte)'|')
            {
                (value == '%' ? "%25"u8 : "%7C"u8).CopyTo(destination[length..]);
                length += 3;
            }
            else
            {
                destination[length++] = value;
            }
        }

        return length;
    }
}
