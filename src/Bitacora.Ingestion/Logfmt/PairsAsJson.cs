using System.Buffers;
using Bitacora.Ingestion.JsonLines;
using Bitacora.Ingestion.Lines;

namespace Bitacora.Ingestion.Logfmt;

/// <summary>Writes pairs as a JSON object into a buffer that it keeps.</summary>
internal sealed class PairsAsJson
{
    private const int MostKept = 256 << 10;

    /// <summary>A byte of a text is at most six: <c>\u001b</c>.</summary>
    private const int MostPerByte = 6;

    /// <summary>What JSON escapes.</summary>
    private static readonly SearchValues<byte> Special =
        SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(value => (byte)value)]);

    private byte[] _json = new byte[4096];
    private int _length;

    /// <param name="pairs">The line.</param>
    /// <param name="isHerokus">Whether <c>service</c> is an attribute.</param>
    /// <returns>The object; valid until the next call.</returns>
    public ReadOnlySpan<byte> Write(ReadOnlySpan<byte> pairs, bool isHerokus)
    {
        _length = 0;
        if (_json.Length > MostKept)
        {
            _json = new byte[4096];
        }

        Append("{"u8);
        var rest = new KeyValues(pairs);
        while (rest.MoveNext())
        {
            if (_length > 1)
            {
                Append(","u8);
            }

            if (isHerokus && rest.Key.SequenceEqual("service"u8))
            {
                // The members of this object are attributes under their own names.
                Append("\"attributes\":{"u8);
                WritePair(rest);
                Append("}"u8);
            }
            else
            {
                WritePair(rest);
            }
        }

        Append("}"u8);
        return _json.AsSpan(0, _length);
    }

    private void WritePair(in KeyValues pair)
    {
        WriteText(pair.Key, isEscaped: false);
        Append(":"u8);
        if (pair.IsBare)
        {
            Append("true"u8);
        }
        else if (!pair.IsQuoted && IsTyped(pair.Value))
        {
            Append(pair.Value);
        }
        else
        {
            WriteText(pair.Value, pair.IsEscaped);
        }
    }

    private static bool IsTyped(ReadOnlySpan<byte> value)
    {
        if (value.SequenceEqual("true"u8) || value.SequenceEqual("false"u8))
        {
            return true;
        }

        // What is no number to JSON, such as 007 or 1.2.3, is a text.
        var scanner = new JsonScanner(value);
        return !value.IsEmpty && (value[0] == '-' || (uint)(value[0] - '0') <= 9) && scanner.TryReadValue(out var json)
            && json.Kind == JsonKind.Number && scanner.At == value.Length;
    }

    private void WriteText(ReadOnlySpan<byte> text, bool isEscaped)
    {
        Reserve((text.Length * MostPerByte) + 2);
        _json[_length++] = (byte)'"';
        for (var i = 0; i < text.Length; i++)
        {
            // Most of a text stands as it is.
            var plain = text[i..].IndexOfAny(Special);
            plain = plain < 0 ? text.Length - i : plain;
            text.Slice(i, plain).CopyTo(_json.AsSpan(_length));
            _length += plain;
            i += plain;
            if (i == text.Length)
            {
                break;
            }

            var next = text[i];
            if (isEscaped && next == '\\' && i + 1 < text.Length)
            {
                next = KeyValues.Meaning(text[++i]);
            }

            WriteByte(next);
        }

        _json[_length++] = (byte)'"';
    }

    private void WriteByte(byte value)
    {
        if (value is (byte)'"' or (byte)'\\')
        {
            _json[_length++] = (byte)'\\';
            _json[_length++] = value;
        }
        else if (value < 0x20)
        {
            "\\u00"u8.CopyTo(_json.AsSpan(_length));
            _json[_length + 4] = (byte)('0' + (value >> 4));
            _json[_length + 5] = "0123456789abcdef"u8[value & 0xF];
            _length += MostPerByte;
        }
        else
        {
            _json[_length++] = value;
        }
    }

    private void Append(ReadOnlySpan<byte> json)
    {
        Reserve(json.Length);
        json.CopyTo(_json.AsSpan(_length));
        _length += json.Length;
    }

    private void Reserve(int length)
    {
        if (_json.Length - _length < length)
        {
            Array.Resize(ref _json, (int)Math.Min(Math.Max(_length + (long)length, 2L * _json.Length), Array.MaxLength));
        }
    }
}
