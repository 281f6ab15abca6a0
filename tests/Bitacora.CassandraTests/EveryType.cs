using System.Globalization;
using System.Net;
using Bitacora.Cql;

namespace Bitacora.CassandraTests;

/// <summary>One value of each type that the client writes, and the same as literals of CQL.</summary>
internal readonly record struct EveryType(int Id) : ICqlValues
{
    public const string Columns = "id int PRIMARY KEY, a ascii, b text, c blob, d boolean, e tinyint, f smallint, g bigint, h float, " +
        "i double, j timestamp, k date, l time, m uuid, n timeuuid, o inet, p inet, q list<int>, r set<text>, " +
        "s map<text, frozen<list<bigint>>>, u frozen<map<int, text>>";

    public const string Insert = "(id, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, u) " +
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    public const string Literals = "'plain', 'kremówki 🧁', 0x00ff10, true, -128, -32768, -9223372036854775808, 1.5, -1e-300, " +
        "'1969-12-31 23:59:59.999+0000', '1582-10-15', '23:59:59.999999900', 123e4567-e89b-42d3-a456-426614174000, " +
        "50554d6e-29bb-11e5-b345-feff819cdc9f, '127.0.0.1', '2001:db8::1', [3, -1, 3], {'b', 'a'}, " +
        "{'x': [1, 2], 'y': []}, {1: 'one', 2: 'two'}";

    public void WriteTo(ref ValueWriter writer)
    {
        writer.WriteInt32(Id);
        writer.WriteText("plain");
        writer.WriteText("kremówki 🧁");
        writer.WriteBlob([0x00, 0xFF, 0x10]);
        writer.WriteBoolean(true);
        writer.WriteSByte(sbyte.MinValue);
        writer.WriteInt16(short.MinValue);
        writer.WriteInt64(long.MinValue);
        writer.WriteSingle(1.5f);
        writer.WriteDouble(-1e-300);
        writer.WriteTimestamp(DateTimeOffset.UnixEpoch.AddMilliseconds(-1));
        writer.WriteDate(new DateOnly(1582, 10, 15));
        writer.WriteTime(TimeOnly.Parse("23:59:59.9999999", CultureInfo.InvariantCulture));
        writer.WriteUuid(new Guid("123e4567-e89b-42d3-a456-426614174000"));
        writer.WriteUuid(new Guid("50554d6e-29bb-11e5-b345-feff819cdc9f"));
        writer.WriteInet(IPAddress.Loopback);
        writer.WriteInet(IPAddress.Parse("2001:db8::1"));
        WriteCollections(ref writer);
    }

    private static void WriteCollections(ref ValueWriter writer)
    {
        writer.BeginCollection();
        writer.WriteInt32(3);
        writer.WriteInt32(-1);
        writer.WriteInt32(3);
        writer.EndCollection();
        writer.BeginCollection();
        writer.WriteText("b");
        writer.WriteText("a");
        writer.EndCollection();
        writer.BeginCollection();
        writer.WriteText("x");
        writer.BeginCollection();
        writer.WriteInt64(1);
        writer.WriteInt64(2);
        writer.EndCollection();
        writer.WriteText("y");
        writer.BeginCollection();
        writer.EndCollection();
        writer.EndCollection();
        writer.BeginCollection();
        writer.WriteInt32(1);
        writer.WriteText("one");
        writer.WriteInt32(2);
        writer.WriteText("two");
        writer.EndCollection();
    }
}
