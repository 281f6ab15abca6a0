using System.Buffers.Text;

namespace Bitacora.Benchmarks.Corpus;

/// <summary>A growing UTF-8 text.</summary>
internal sealed class TextBuffer
{
    private byte[] _bytes = new byte[4096];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Append(ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(Reserve(utf8.Length));
        Length += utf8.Length;
    }

    public void Append(long number)
    {
        Utf8Formatter.TryFormat(number, Reserve(20), out var written);
        Length += written;
    }

    /// <summary>Appends the lowest digits of a number in lower-case hexadecimal.</summary>
    public void AppendHex(ulong number, int digits)
    {
        var target = Reserve(digits);
        for (var i = digits - 1; i >= 0; i--, number >>= 4)
        {
            target[i] = "0123456789abcdef"u8[(int)(number & 15)];
        }

        Length += digits;
    }

    /// <summary>Room for at least so many bytes behind the text; <see cref="Advance"/> takes what was written there.</summary>
    public Span<byte> Reserve(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        }

        return _bytes.AsSpan(Length);
    }

    public void Advance(int count) => Length += count;
}
