using Bitacora.Cql.Values;

namespace Bitacora.Cql.Messages;

/// <summary>The columns of a result or the markers of a statement, as a RESULT describes them.</summary>
internal sealed class ColumnSet(CqlColumn[] columns)
{
    // Types within types: deeper than anybody writes, shallow enough for any stack.
    private const int MaxDepth = 32;

    // A column takes at least a name's length and a type.
    private const int SmallestColumn = 2 * sizeof(ushort);

    public static ColumnSet Empty { get; } = new([]);

    public CqlColumn[] Columns { get; } = columns;

    public int Count => Columns.Length;

    public int IndexOf(string name)
    {
        for (var i = 0; i < Columns.Length; i++)
        {
            if (string.Equals(Columns[i].Name, name, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Reads the specifications; their number has been read before.</summary>
    public static ColumnSet Read(ref WireReader reader, int count, bool globalTable)
    {
        if ((long)count * SmallestColumn > reader.Remaining)
        {
            throw new CqlProtocolException($"{count} columns cannot be described in {reader.Remaining} bytes");
        }

        if (count == 0)
        {
            return Empty;
        }

        var (keyspace, table) = globalTable ? (reader.ReadString(), reader.ReadString()) : ("", "");
        var columns = new CqlColumn[count];
        for (var i = 0; i < count; i++)
        {
            if (!globalTable)
            {
                (keyspace, table) = (reader.ReadString(), reader.ReadString());
            }

            columns[i] = new CqlColumn(keyspace, table, reader.ReadString(), ReadType(ref reader, 0));
        }

        return new ColumnSet(columns);
    }

    private static CqlType ReadType(ref WireReader reader, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new CqlProtocolException($"a type is nested deeper than {MaxDepth}");
        }

        var code = (CqlTypeCode)reader.ReadUInt16();
        switch (code)
        {
            case CqlTypeCode.Custom:
                return CqlType.Custom(reader.ReadString());
            case CqlTypeCode.List or CqlTypeCode.Set:
                return CqlType.Of(code, ReadType(ref reader, depth + 1));
            case CqlTypeCode.Map:
                return CqlType.Of(code, ReadType(ref reader, depth + 1), ReadType(ref reader, depth + 1));
            case CqlTypeCode.Tuple:
                return CqlType.Of(code, ReadFields(ref reader, depth, named: false));
            case CqlTypeCode.UserDefined:
                var name = $"{reader.ReadString()}.{reader.ReadString()}";
                return CqlType.UserDefined(name, ReadFields(ref reader, depth, named: true));
            default:
                return Enum.IsDefined(code)
                    ? CqlType.Simple(code)
                    : throw new CqlProtocolException($"a column has the unknown type 0x{(int)code:x4}");
        }
    }

    private static CqlType[] ReadFields(ref WireReader reader, int depth, bool named)
    {
        var fields = new CqlType[reader.ReadCount(named ? 2 * sizeof(ushort) : sizeof(ushort))];
        for (var i = 0; i < fields.Length; i++)
        {
            _ = named ? reader.ReadShortBytes() : default;
            fields[i] = ReadType(ref reader, depth + 1);
        }

        return fields;
    }
}
