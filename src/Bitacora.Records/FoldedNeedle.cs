using System.Buffers;
using System.Text;
using Bitacora.Records.Folding;

namespace Bitacora.Records;

/// <summary>
/// A text to be found as a substring, regardless of case, in valid UTF-8 texts. Immutable; any number of threads may search. A search
/// allocates nothing.
/// </summary>
public sealed class FoldedNeedle
{
    private readonly byte[] _folded;
    private readonly AsciiFoldedSearch? _ascii;

    // The only characters beyond ASCII that fold into ASCII: U+212A (kelvin sign) to k, U+017F (long s) to s.
    private readonly bool _hasKelvinOrLongS;

    /// <summary>Makes a needle of a text, folded or not.</summary>
    public FoldedNeedle(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Text = CaseFold.Fold(text);
        _folded = Encoding.UTF8.GetBytes(Text);
        if (Ascii.IsValid(_folded) && _folded.Length > 0)
        {
            _ascii = new AsciiFoldedSearch(_folded);
            _hasKelvinOrLongS = _folded.AsSpan().ContainsAny((byte)'k', (byte)'s');
        }
    }

    /// <summary>The folded text.</summary>
    public string Text { get; }

    /// <summary>The folded text in UTF-8.</summary>
    public ReadOnlyMemory<byte> Utf8 => _folded;

    /// <summary>Whether the text, folded, contains the needle. The empty needle is in every text.</summary>
    public bool IsIn(ReadOnlySpan<byte> utf8)
    {
        if (_ascii is not null)
        {
            return _ascii.IsIn(utf8)
                || (_hasKelvinOrLongS && (utf8.IndexOf("\u212A"u8) >= 0 || utf8.IndexOf("\u017F"u8) >= 0) && IsInFolded(utf8));
        }

        return _folded.Length == 0 || (!Ascii.IsValid(utf8) && IsInFolded(utf8));
    }

    private bool IsInFolded(ReadOnlySpan<byte> utf8)
    {
        var length = CaseFold.MaxFoldedLength(utf8.Length);
        byte[]? rented = null;
        var folded = length <= 1024 ? stackalloc byte[1024] : (rented = ArrayPool<byte>.Shared.Rent(length));
        try
        {
            length = CaseFold.Fold(utf8, folded);
            return folded[..length].IndexOf(_folded) >= 0;
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }
}
