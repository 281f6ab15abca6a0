using System.Runtime.InteropServices;
using Bitacora.Ingestion.JsonLines;

namespace Bitacora.Ingestion.Clef;

/// <summary>
/// Puts the properties of an event into its message template. What a hole names and the event does not have stays as it was written, and
/// where nothing was filled in, the whole template does: clients send texts with braces as templates (seqlog does not double them).
/// Buffers are kept; output, holes and members are bounded.
/// </summary>
internal sealed class TemplateRenderer(int maxLength)
{
    private const int MaxHoles = 256;

    private byte[] _output = new byte[1024];
    private int _length;

    // Where the texts of properties lie in the output: a property is read once, however many holes name it.
    private readonly List<FilledHole> _filled = [];

    /// <summary>Whether the last text was cut.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Renders. Valid until the next call.</summary>
    /// <param name="template">Not in the reader's scratch.</param>
    /// <param name="json">The line.</param>
    /// <param name="fields">Gives the properties, their texts, and the rendered holes.</param>
    public ReadOnlySpan<byte> Render(ReadOnlySpan<byte> template, ReadOnlySpan<byte> json, JsonObjectReader fields)
    {
        _length = 0;
        IsCut = false;
        _filled.Clear();
        var renderings = RenderingsOf(json, fields);
        var holes = 0;
        var isFilled = false;
        var whole = template;
        while (!template.IsEmpty && !IsCut)
        {
            var brace = template.IndexOfAny((byte)'{', (byte)'}');
            if (brace < 0)
            {
                Append(template);
                break;
            }

            Append(template[..brace]);
            template = template[brace..];
            if (template.Length > 1 && template[1] == template[0])
            {
                Append(template[..1]);
                template = template[2..];
            }
            else if (template[0] == '{' && holes < MaxHoles && TemplateHole.TryRead(template, out var hole))
            {
                holes++;
                isFilled |= TryAppendHole(template, hole, json, fields, ref renderings);
                template = template[hole.Length..];
            }
            else
            {
                Append(template[..1]);
                template = template[1..];
            }
        }

        IsCut &= isFilled;
        return isFilled ? _output.AsSpan(0, _length) : whole;
    }

    private bool TryAppendHole(
        ReadOnlySpan<byte> template, TemplateHole hole, ReadOnlySpan<byte> json, JsonObjectReader fields, ref JsonScanner renderings)
    {
        var start = _length;
        var hasFormat = hole.FormatStart > 0;
        var known = default(FilledHole);
        if (hasFormat && TryTakeRendering(ref renderings, out var rendered))
        {
            Append(fields.TextOf(rendered, json));
        }
        else if (Find(template.Slice(hole.NameStart, hole.NameLength), json, fields) is var member && member < 0)
        {
            Append(template[..hole.Length]);
            return false;
        }
        else if (FilledBy(member) is { Length: > 0 } filled && !(hasFormat && filled.IsNumber))
        {
            Append(_output.AsSpan(filled.Start, filled.Length));
        }
        else
        {
            var value = ValueOf(fields.Properties[member], json);
            if (hasFormat && value.Kind == JsonKind.Number && Reserve(512)
                && NumberFormat.TryWrite(value.In(json), template[hole.FormatStart..(hole.Length - 1)], _output.AsSpan(_length),
                    out var written))
            {
                _length += written;
            }
            else
            {
                Append(fields.TextOf(value, json));
                known = new FilledHole(member, _length - start, value.Kind == JsonKind.Number);
            }
        }

        Pad(start, hole.Width);
        if (known.Length > 0)
        {
            _filled.Add(known with { Start = hole.Width > 0 ? _length - known.Length : start });
        }

        return true;
    }

    private FilledHole FilledBy(int member)
    {
        foreach (ref readonly var filled in CollectionsMarshal.AsSpan(_filled))
        {
            if (filled.Member == member)
            {
                return filled;
            }
        }

        return default;
    }

    private void Pad(int start, int width)
    {
        var missing = Math.Abs(width) - CountCharacters(_output.AsSpan(start, _length - start));
        if (missing <= 0 || !Reserve(missing))
        {
            return;
        }

        var blanks = _output.AsSpan(_length, missing);
        if (width > 0)
        {
            _output.AsSpan(start, _length - start).CopyTo(_output.AsSpan(start + missing));
            blanks = _output.AsSpan(start, missing);
        }

        blanks.Fill((byte)' ');
        _length += missing;
    }

    private static int CountCharacters(ReadOnlySpan<byte> utf8)
    {
        var count = 0;
        foreach (var value in utf8)
        {
            count += (value & 0xC0) != 0x80 ? 1 : 0;
        }

        return count;
    }

    /// <summary>The property's place among the event's; negative where it has none of that name.</summary>
    private static int Find(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json, JsonObjectReader fields)
    {
        var properties = fields.Properties;
        for (var i = 0; i < properties.Length; i++)
        {
            if (properties[i].Name.Length == name.Length && properties[i].Name.In(json).SequenceEqual(name))
            {
                return i;
            }
        }

        return -1;
    }

    private static JsonValue ValueOf(in JsonMember member, ReadOnlySpan<byte> json)
    {
        // The text was checked when it was read.
        var scanner = new JsonScanner(json) { At = member.ValueStart };
        scanner.TryReadValue(out var value);
        return value.Kind == JsonKind.Object ? value with { Length = member.ValueLength } : value;
    }

    private static bool TryReadWhole(ref JsonScanner scanner, out JsonValue value)
    {
        scanner.SkipBlanks();
        var start = scanner.At;
        if (!scanner.TryReadValue(out value))
        {
            return false;
        }

        if (value.Kind == JsonKind.Object)
        {
            scanner.At = start;
            if (!scanner.TrySkipContainer())
            {
                return false;
            }

            value = value with { Length = scanner.At - start };
        }

        return true;
    }

    /// <summary>A scanner behind the bracket of <c>@r</c>, or at the end of the text where there is none.</summary>
    private static JsonScanner RenderingsOf(ReadOnlySpan<byte> json, JsonObjectReader fields)
    {
        var value = fields[FieldRole.Renderings].Value;
        return new JsonScanner(json) { At = value.Kind == JsonKind.Array ? value.Start + 1 : json.Length };
    }

    private static bool TryTakeRendering(ref JsonScanner renderings, out JsonValue value)
    {
        value = default;
        return !renderings.TryClose((byte)']') && TryReadWhole(ref renderings, out value)
            && (renderings.TryContinue((byte)']', out var more) ? more || Finish(ref renderings) : Finish(ref renderings))
            && value.Kind == JsonKind.String;
    }

    /// <summary>The last element was taken: what follows is not another.</summary>
    private static bool Finish(ref JsonScanner renderings)
    {
        renderings.At = int.MaxValue;
        return true;
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        if (text.Length > maxLength - _length)
        {
            IsCut = true;
            text = text[..(maxLength - _length)];
        }

        Reserve(text.Length);
        text.CopyTo(_output.AsSpan(_length));
        _length += text.Length;
    }

    private bool Reserve(int count)
    {
        if (count > maxLength - _length)
        {
            return false;
        }

        if (_output.Length < _length + count)
        {
            Array.Resize(ref _output, Math.Max(_length + count, Math.Min(_output.Length * 2, maxLength)));
        }

        return true;
    }

    /// <summary>Where a property's text lies in the output, without what pads it.</summary>
    private readonly record struct FilledHole(int Member, int Length, bool IsNumber, int Start = 0);
}
