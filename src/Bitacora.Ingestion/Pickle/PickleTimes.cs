using System.Globalization;
using System.Text;

namespace Bitacora.Ingestion.Pickle;

/// <summary>Reads what Python's dates, times and UUIDs are pickled as.</summary>
internal static class PickleTimes
{
    private const int MostBytes = 10;

    /// <summary>A date, a time or both as ISO 8601, with the offset or zone if there is one.</summary>
    /// <returns>False where it is none of these, or has a zone of a class that is not known.</returns>
    public static bool TryFormat(
        ReadOnlySpan<byte> type, IReadOnlyList<PickleValue> arguments, ReadOnlySpan<byte> pickle, out ReadOnlySpan<byte> text)
    {
        text = default;
        Span<byte> bytes = stackalloc byte[MostBytes];
        if (arguments.Count is 0 or > 2 || !TryGetBytes(arguments[0], pickle, ref bytes))
        {
            return false;
        }

        var zone = "";
        if (arguments.Count == 2 && !TryFormatZone(arguments[1], pickle, out zone))
        {
            return false;
        }

        var formatted = Format(type, bytes);
        text = formatted is null ? default : Encoding.UTF8.GetBytes(formatted + zone);
        return formatted is not null;
    }

    /// <summary>A span of time in seconds, from days, seconds and microseconds.</summary>
    public static bool TryReadSeconds(IReadOnlyList<PickleValue> arguments, out double seconds)
    {
        seconds = 0;
        if (arguments is not [{ Kind: PickleKind.Integer } days, { Kind: PickleKind.Integer } rest, { Kind: PickleKind.Integer } micros])
        {
            return false;
        }

        seconds = ((days.Bits * 86_400.0) + rest.Bits) + (micros.Bits / 1e6);
        return true;
    }

    public static bool TryFormatUuid(PickleValue state, ReadOnlySpan<byte> pickle, out ReadOnlySpan<byte> text)
    {
        text = default;
        for (var i = 0; state.Kind == PickleKind.Dictionary && i < state.Container!.Items.Count; i += 2)
        {
            var (key, value) = (state.Container.Items[i], state.Container.Items[i + 1]);
            if (key.IsText && key.In(pickle).SequenceEqual("int"u8) && TryReadNumber(value, pickle, out var number))
            {
                text = Encoding.ASCII.GetBytes(new Guid(BytesOf(number), bigEndian: true).ToString());
                return true;
            }
        }

        return false;
    }

    private static bool TryReadNumber(PickleValue value, ReadOnlySpan<byte> pickle, out UInt128 number)
    {
        number = value.Kind == PickleKind.Integer && value.Bits >= 0 ? (UInt128)value.Bits : 0;
        return value.Kind == PickleKind.Digits
            ? UInt128.TryParse(value.In(pickle), NumberStyles.None, CultureInfo.InvariantCulture, out number)
            : value.Kind == PickleKind.Integer && value.Bits >= 0;
    }

    private static byte[] BytesOf(UInt128 number)
    {
        var bytes = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return bytes;
    }

    /// <summary>Python 2 writes bytes as they are, Python 3 as characters with the call that makes bytes of them.</summary>
    private static bool TryGetBytes(PickleValue value, ReadOnlySpan<byte> pickle, ref Span<byte> bytes)
    {
        var length = 0;
        if (value.Kind == PickleKind.Bytes)
        {
            length = value.In(pickle).Length;
            if (!value.In(pickle).TryCopyTo(bytes))
            {
                return false;
            }
        }
        else if (value is not { Kind: PickleKind.Object, Container: { Callable.Kind: PickleKind.Name } made }
            || !made.Callable.In(pickle).SequenceEqual("_codecs\nencode"u8)
            || made.Arguments.Container!.Items is not [{ Kind: PickleKind.Text } characters, ..]
            || !PickleText.TryGetLatin1(characters.In(pickle), bytes, out length))
        {
            return false;
        }

        bytes = bytes[..length];
        return true;
    }

    private static string? Format(ReadOnlySpan<byte> type, ReadOnlySpan<byte> bytes)
    {
        if (type.SequenceEqual("time"u8) && bytes.Length == 6)
        {
            return Time(bytes);
        }

        // The first bit of the month may say that it is the later of two equal local times.
        var date = bytes.Length >= 4
            ? string.Create(CultureInfo.InvariantCulture, $"{(bytes[0] << 8) | bytes[1]:0000}-{bytes[2] & 0x7F:00}-{bytes[3]:00}")
            : null;
        return type.SequenceEqual("date"u8) && bytes.Length == 4 ? date
            : type.SequenceEqual("datetime"u8) && bytes.Length == 10 ? $"{date}T{Time(bytes[4..])}"
            : null;
    }

    private static string Time(ReadOnlySpan<byte> bytes)
    {
        var micros = (bytes[3] << 16) | (bytes[4] << 8) | bytes[5];
        var whole = string.Create(CultureInfo.InvariantCulture, $"{bytes[0] & 0x7F:00}:{bytes[1]:00}:{bytes[2]:00}");
        return micros == 0 ? whole : string.Create(CultureInfo.InvariantCulture, $"{whole}.{micros:000000}");
    }

    private static bool TryFormatZone(PickleValue zone, ReadOnlySpan<byte> pickle, out string text)
    {
        text = "";
        if (zone is not { Kind: PickleKind.Object, Container: { State.Kind: PickleKind.None } made })
        {
            return false;
        }

        var arguments = made.Arguments.Container!.Items;
        var type = made.Callable.Kind == PickleKind.Name ? made.Callable.In(pickle) : default;
        if (type.SequenceEqual("datetime\ntimezone"u8))
        {
            return arguments is [{ Kind: PickleKind.Object, Container: { } offset }, ..]
                && TryReadSeconds(offset.Arguments.Container!.Items, out var seconds)
                && TryFormatOffset(seconds, out text);
        }

        if (type.SequenceEqual("pytz\n_UTC"u8))
        {
            text = "+00:00";
            return true;
        }

        // A zone's name: zoneinfo's (which it makes by a method of its class), or pytz's.
        var isKnown = (type.IsEmpty || type.SequenceEqual("pytz\n_p"u8)) && arguments is [{ IsText: true }, ..];
        text = isKnown ? $"[{Encoding.UTF8.GetString(arguments[0].In(pickle))}]" : "";
        return isKnown;
    }

    private static bool TryFormatOffset(double seconds, out string text)
    {
        text = "";
        if (Math.Abs(seconds) >= 86_400)
        {
            return false;
        }

        var offset = TimeSpan.FromSeconds(Math.Abs(seconds));
        var sign = seconds < 0 ? '-' : '+';
        text = string.Create(CultureInfo.InvariantCulture, $"{sign}{offset.Hours:00}:{offset.Minutes:00}");
        text += offset.Seconds == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $":{offset.Seconds:00}");
        return true;
    }
}
