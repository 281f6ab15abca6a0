using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Bitacora.Records.Folding;

/// <summary>
/// Finds an ASCII needle regardless of case by comparing two of its bytes, the rarest, at 32 places at once (the generic SIMD search of
/// Muła, http://0x80.pl/articles/simd-strfind.html) and checking the whole needle where both agree.
/// </summary>
internal sealed class AsciiFoldedSearch
{
    // Frequent letters first; what is not listed is rare. Decides only speed.
    private static ReadOnlySpan<byte> ByFrequency => " etaoinsrhldcumfpgwyb.v-_/:k0123456789=,\"xjqz"u8;

    private readonly byte[] _needle;
    private readonly int _first;
    private readonly int _second;

    /// <summary>Takes a needle in lower case, not empty.</summary>
    public AsciiFoldedSearch(byte[] foldedNeedle)
    {
        _needle = foldedNeedle;
        for (var i = 1; i < foldedNeedle.Length; i++)
        {
            _first = Rarity(foldedNeedle[i]) > Rarity(foldedNeedle[_first]) ? i : _first;
        }

        _second = _first == 0 ? foldedNeedle.Length - 1 : 0;
        for (var i = 0; i < foldedNeedle.Length; i++)
        {
            _second = i != _first && Rarity(foldedNeedle[i]) > Rarity(foldedNeedle[_second]) ? i : _second;
        }
    }

    public bool IsIn(ReadOnlySpan<byte> text)
    {
        var last = text.Length - _needle.Length;
        if (last < 0)
        {
            return false;
        }

        ref var start = ref MemoryMarshal.GetReference(text);
        var i = 0;
        if (Vector256.IsHardwareAccelerated && last >= Vector256<byte>.Count)
        {
            var first = Vector256.Create(_needle[_first]);
            var second = Vector256.Create(_needle[_second]);
            var firstCase = Vector256.Create(CaseBit(_needle[_first]));
            var secondCase = Vector256.Create(CaseBit(_needle[_second]));

            // The final block overlaps the one before, so that no scalar tail remains.
            while (true)
            {
                var hits = Vector256.Equals(Vector256.LoadUnsafe(ref start, (nuint)(i + _first)) | firstCase, first)
                    & Vector256.Equals(Vector256.LoadUnsafe(ref start, (nuint)(i + _second)) | secondCase, second);
                for (var mask = hits.ExtractMostSignificantBits(); mask != 0; mask &= mask - 1)
                {
                    if (MatchesAt(text[(i + BitOperations.TrailingZeroCount(mask))..]))
                    {
                        return true;
                    }
                }

                if (i == last + 1 - Vector256<byte>.Count)
                {
                    return false;
                }

                i = Math.Min(i + Vector256<byte>.Count, last + 1 - Vector256<byte>.Count);
            }
        }

        for (; i <= last; i++)
        {
            if ((text[i + _first] | CaseBit(_needle[_first])) == _needle[_first] && MatchesAt(text[i..]))
            {
                return true;
            }
        }

        return false;
    }

    private bool MatchesAt(ReadOnlySpan<byte> text)
    {
        for (var i = 0; i < _needle.Length; i++)
        {
            if ((text[i] | CaseBit(_needle[i])) != _needle[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The bit that turns an upper-case letter into the needle's lower-case one; no bit for what is not a letter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte CaseBit(byte needle) => (uint)(needle - 'a') <= 'z' - 'a' ? (byte)0x20 : (byte)0;

    private static int Rarity(byte value)
    {
        var index = ByFrequency.IndexOf(value);
        return index < 0 ? int.MaxValue : index;
    }
}
