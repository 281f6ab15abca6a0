using System.Globalization;

namespace Bitacora.Client.Entries;

/// <summary>UTF-8 that grows up to a limit; its buffer is kept.</summary>
internal sealed class RenderedText(int limit)
{
    private byte[] _bytes = new byte[512];

    public int Length { get; private set; }

    /// <summary>Whether something did not fit.</summary>
    public bool IsCut { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => (Length, IsCut) = (0, false);

    public void Append(ReadOnlySpan<byte> text)
    {
        // A few bytes more than the limit may come through: the record's writer cuts between characters.
        if (text.Length > limit - Length)
        {
            IsCut = true;
            text = text[..Math.Max(0, limit - Length)];
        }

        Reserve(text.Length);
        text.CopyTo(_bytes.AsSpan(Length));
        Length += text.Length;
    }

    /// <summary>A value of the framework in its own format; an invariant culture's.</summary>
    /// <exception cref="FormatException">The type has no such format.</exception>
    public void Append<T>(T value, string? format)
        where T : struct, IUtf8SpanFormattable
    {
        for (var room = 64; ; room *= 4)
        {
            if (room > limit - Length)
            {
                IsCut = true;
                return;
            }

            Reserve(room);
            if (value.TryFormat(_bytes.AsSpan(Length), out var written, format, CultureInfo.InvariantCulture))
            {
                Length += written;
                return;
            }
        }
    }

    /// <summary>Fills what was written since a place with blanks: before it, or behind it where the width is negative.</summary>
    public void Pad(int start, int width)
    {
        if (width == 0)
        {
            return;
        }

        var missing = Math.Min(Math.Abs(width) - CountUtf16(_bytes.AsSpan(start, Length - start)), limit - Length);
        if (missing <= 0)
        {
            return;
        }

        Reserve(missing);
        var blanks = _bytes.AsSpan(Length, missing);
        if (width > 0)
        {
            _bytes.AsSpan(start, Length - start).CopyTo(_bytes.AsSpan(start + missing));
            blanks = _bytes.AsSpan(start, missing);
        }

        blanks.Fill((byte)' ');
        Length += missing;
    }

    /// <summary>Widths count units of UTF-16, as <see cref="string.Length"/> does.</summary>
    private static int CountUtf16(ReadOnlySpan<byte> utf8)
    {
        var count = 0;
        foreach (var value in utf8)
        {
            count += (value & 0xC0) != 0x80 ? 1 : 0;
            count += value >= 0xF0 ? 1 : 0;
        }

        return count;
    }

    private void Reserve(int count)
    {
        if (_bytes.Length < Length + count)
        {
            Array.Resize(ref _bytes, Math.Max(Length + count, _bytes.Length * 2));
        }
    }
}
