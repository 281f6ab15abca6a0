using Bitacora.Records;

namespace Bitacora.Ingestion.JsonLines;

/// <summary>
/// Reads one JSON object into a record: known names are held as candidates until the object is read, everything else becomes an attribute
/// at once. Its buffers are kept from line to line and never grow beyond the longest line.
/// </summary>
internal sealed class JsonObjectReader(FieldNameTable names, RecordLimits limits, bool isClef, FieldNameTable? propertyNames = null)
{
    /// <summary>A rare huge line must not hold its memory for as long as the reader lives.</summary>
    private const int MostKept = 256 << 10;

    private readonly FieldCandidate[] _candidates = new FieldCandidate[(int)FieldRole.Count];
    private readonly JsonMember[] _properties = isClef || propertyNames is not null ? new JsonMember[256] : [];
    private readonly FieldCandidate _none;

    // The known names of the line before by their places: the next line mostly has the same.
    private readonly KnownName?[] _expected = new KnownName?[32];
    private int _propertyCount;
    private byte[] _path = new byte[512];
    private byte[] _scratch = new byte[4096];

    public LineMarkers Markers { get; private set; }

    /// <summary>The properties of an event by their places, the first so many: what templates refer to.</summary>
    public ReadOnlySpan<JsonMember> Properties => _properties.AsSpan(0, _propertyCount);

    /// <summary>The roles that have a value: bit <c>1 &lt;&lt; role</c>.</summary>
    public int Given { get; private set; }

    /// <summary>What a role was given, or a candidate without a name.</summary>
    public ref readonly FieldCandidate this[FieldRole role] =>
        ref ((Given & (1 << (int)role)) != 0 ? ref _candidates[(int)role] : ref _none);

    public void Clear()
    {
        // What the candidates hold of the line before is not looked at: only those of a bit are.
        Given = 0;
        Markers = LineMarkers.None;
        _propertyCount = 0;
        if (_scratch.Length > MostKept)
        {
            _scratch = new byte[4096];
        }
    }

    /// <summary>Reads the members of an object whose brace was stepped over, through its end.</summary>
    public bool TryRead(ref JsonScanner scanner, ReadOnlySpan<byte> json, RecordWriter record) =>
        TryReadMembers(ref scanner, json, record, pathLength: 0, depth: 1, names);

    /// <summary>Gives a role its value; true if none came before under a better name.</summary>
    public void Offer(KnownName name, JsonValue value, ReadOnlySpan<byte> json, RecordWriter record)
    {
        ref var candidate = ref _candidates[(int)name.Role];
        var bit = 1 << (int)name.Role;
        if ((Given & bit) != 0)
        {
            var before = candidate.Name!;
            if (before.Rank <= name.Rank)
            {
                if (before.Rank < name.Rank)
                {
                    AddAttribute(name.Name, value, json, record);
                }

                return;
            }

            AddAttribute(before.Name, candidate.Value, json, record);
        }

        Given |= bit;
        candidate = new FieldCandidate(name, value);
    }

    /// <summary>A value's text: a string's content, anything else as JSON writes it. Valid until the next call.</summary>
    public ReadOnlySpan<byte> TextOf(JsonValue value, ReadOnlySpan<byte> json)
    {
        var text = value.In(json);
        if (value.Kind == JsonKind.String)
        {
            if (!value.Escaped)
            {
                return text;
            }

            Reserve(text.Length);
            return _scratch.AsSpan(0, JsonText.Unescape(text, _scratch));
        }

        if (value.Kind is JsonKind.Array or JsonKind.Object && text.IndexOfAny(" \t\r\n"u8) >= 0)
        {
            Reserve(text.Length);
            return _scratch.AsSpan(0, JsonText.Compact(text, _scratch));
        }

        if (value.Kind == JsonKind.Number)
        {
            return TextOfNumber(text);
        }

        return text;
    }

    public void AddAttribute(ReadOnlySpan<byte> name, JsonValue value, ReadOnlySpan<byte> json, RecordWriter record)
    {
        switch (value.Kind)
        {
            case JsonKind.Null:
                return;
            case JsonKind.True or JsonKind.False:
                record.AddAttribute(name, value.Kind == JsonKind.True);
                return;
            case JsonKind.Number:
                var number = value.In(json);
                if (JsonNumber.IsInteger(number) && JsonNumber.TryReadInteger(number, out var integer))
                {
                    record.AddAttribute(name, integer);
                }
                else if (JsonNumber.TryReadDouble(number, out var real))
                {
                    record.AddAttribute(name, real);
                }
                else
                {
                    // 1e400 is beyond every number that can be stored; as text it is at least not lost.
                    record.AddAttribute(name, number);
                }

                return;
            default:
                record.AddAttribute(name, TextOf(value, json));
                return;
        }
    }

    /// <summary>Numbers as the query language sees them as text; integers beyond 64 bits keep their digits.</summary>
    private ReadOnlySpan<byte> TextOfNumber(ReadOnlySpan<byte> number)
    {
        if (JsonNumber.IsInteger(number))
        {
            return JsonNumber.TryReadInteger(number, out var integer) ? _scratch.AsSpan(0, ValueText.Write(integer, _scratch)) : number;
        }

        return JsonNumber.TryReadDouble(number, out var real) ? _scratch.AsSpan(0, ValueText.Write(real, _scratch)) : number;
    }

    private bool TryReadMembers(
        ref JsonScanner scanner, ReadOnlySpan<byte> json, RecordWriter record, int pathLength, int depth, FieldNameTable? table)
    {
        if (scanner.TryClose((byte)'}'))
        {
            return true;
        }

        var isPlain = !isClef && depth == 1;
        var areProperties = isClef ? depth == 1 : propertyNames is not null && depth == 2 && table == propertyNames;
        for (var place = 0; ; place++)
        {
            if (isPlain && scanner.TryReadPlainMember(out var plainName, out var text))
            {
                Take(RoleOf(plainName.In(json), table, place), plainName.In(json), text, json, record);
                if (!scanner.TryContinue((byte)'}', out var another))
                {
                    return false;
                }

                if (!another)
                {
                    return true;
                }

                scanner.SkipBlanks();
                continue;
            }

            if (!scanner.TryReadName(out var nameValue))
            {
                return false;
            }

            scanner.SkipBlanks();
            var start = scanner.At;

            // A name at the top without escapes is used where it lies; others are put together in the path.
            var name = nameValue.In(json);
            var length = 0;
            if (pathLength > 0 || nameValue.Escaped)
            {
                length = AppendPath(pathLength, name, nameValue.Escaped);
                name = _path.AsSpan(0, length);
            }

            if (isClef && depth == 1 && name.StartsWith("@@"u8))
            {
                // The doubled sign says that the name is the program's own.
                if (!TryReadMember(ref scanner, json, record, name[1..], null, length: 0, depth, table))
                {
                    return false;
                }
            }
            else if (!TryReadMember(ref scanner, json, record, name, table?.Find(name), length, depth, table))
            {
                return false;
            }

            if (areProperties && _propertyCount < _properties.Length)
            {
                _properties[_propertyCount++] = new JsonMember(nameValue, start, scanner.At - start);
            }

            if (!scanner.TryContinue((byte)'}', out var more))
            {
                return false;
            }

            if (!more)
            {
                return true;
            }
        }
    }

    private bool TryReadMember(
        ref JsonScanner scanner, ReadOnlySpan<byte> json, RecordWriter record, ReadOnlySpan<byte> name, KnownName? role, int length,
        int depth,
        FieldNameTable? table)
    {
        scanner.SkipBlanks();
        var start = scanner.At;
        var isObject = start < json.Length && json[start] == '{';
        if (isObject && depth >= limits.Nesting)
        {
            if (!scanner.TrySkipContainer())
            {
                return false;
            }

            AddAttribute(name, new JsonValue(JsonKind.Object, start, scanner.At - start, false), json, record);
            return true;
        }

        if (!scanner.TryReadValue(out var value))
        {
            return false;
        }

        if (isObject)
        {
            switch (depth == 1 ? role?.Role : null)
            {
                case FieldRole.Attributes:
                    return TryReadMembers(ref scanner, json, record, 0, depth + 1, table: null);
                case FieldRole.Properties:
                    return TryReadMembers(ref scanner, json, record, 0, depth + 1, propertyNames);
                case FieldRole.Renderings:
                    scanner.At = start;
                    return scanner.TrySkipContainer();
            }

            // The members' names begin with this one's, which must then lie in the path.
            length = length > 0 ? length : AppendPath(0, name, escaped: false);
            return TryReadMembers(ref scanner, json, record, length, depth + 1, table);
        }

        Take(role, name, value, json, record);
        return true;
    }

    /// <summary>A value that is no object.</summary>
    private void Take(KnownName? role, ReadOnlySpan<byte> name, JsonValue value, ReadOnlySpan<byte> json, RecordWriter record)
    {
        if (role is null)
        {
            AddAttribute(name, value, json, record);
            return;
        }

        Markers |= role.Markers;
        if (role.Role >= FieldRole.Count)
        {
            AddAttribute(name, value, json, record);
        }
        else if (value.Kind != JsonKind.Null && !(value.Kind == JsonKind.String && value.Length == 0))
        {
            Offer(role, value, json, record);
        }
    }

    private KnownName? RoleOf(ReadOnlySpan<byte> name, FieldNameTable? table, int place)
    {
        if (place >= _expected.Length)
        {
            return table?.Find(name);
        }

        ref var expected = ref _expected[place];
        if (expected is null || !name.SequenceEqual(expected.Name))
        {
            expected = table?.Find(name);
        }

        return expected;
    }

    /// <summary>Writes a name behind the path, and returns its new length. What is longer than any name that is kept is left out.</summary>
    private int AppendPath(int pathLength, ReadOnlySpan<byte> name, bool escaped)
    {
        if (escaped)
        {
            Reserve(name.Length);
            name = _scratch.AsSpan(0, JsonText.Unescape(name, _scratch));
        }

        // Four bytes more than the limit, so that the writer sees the excess, flags it and cuts between characters.
        var most = limits.AttributeName + 4;
        if (_path.Length < most + 1)
        {
            Array.Resize(ref _path, most + 1);
        }

        var at = pathLength;
        if (at > 0 && at < most)
        {
            _path[at++] = (byte)'.';
        }

        name = name[..Math.Min(name.Length, Math.Max(0, most - at))];
        name.CopyTo(_path.AsSpan(at));
        return at + name.Length;
    }

    private void Reserve(int length)
    {
        if (_scratch.Length < length)
        {
            _scratch = new byte[Math.Max(length, _scratch.Length * 2)];
        }
    }
}
