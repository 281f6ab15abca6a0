using System.Globalization;
using System.Net;
using Bitacora.CassandraTests.Nodes;
using Bitacora.Cql;

namespace Bitacora.CassandraTests;

public class TypeTests(OrdinaryNode node)
{
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Bound_values_are_byte_for_byte_what_the_server_makes_of_literals(int version)
    {
        await using var keyspace = await Keyspace.CreateAsync(
            await node.ContactPointsAsync(), options => options with { MaxProtocolVersion = version });
        await keyspace.CreateTableAsync("types", EveryType.Columns);
        var insert = await keyspace.Session.PrepareAsync($"INSERT INTO {keyspace.Name}.types {EveryType.Insert}");
        await keyspace.Session.ExecuteAsync(insert, new EveryType(1));
        await keyspace.Session.QueryAsync($"INSERT INTO {keyspace.Name}.types {EveryType.Insert.Split(" VALUES")[0]} " +
            $"VALUES (2, {EveryType.Literals})");

        using var result = await keyspace.Session.QueryAsync($"SELECT * FROM {keyspace.Name}.types WHERE id IN (1, 2)");
        var rows = new List<string[]>();
        foreach (var row in result)
        {
            var values = new string[row.Count];
            for (var i = 0; i < row.Count; i++)
            {
                values[i] = $"{result.Columns[i].Name} {Convert.ToHexStringLower(row[i].Raw)}";
            }

            rows.Add(values);
        }

        rows.Count.ShouldBe(2);
        rows[1][1..].ShouldBe(rows[0][1..]);
    }

    [Fact]
    public async Task Values_are_read_as_they_were_written()
    {
        await using var keyspace = await Keyspace.CreateAsync(await node.ContactPointsAsync());
        await keyspace.CreateTableAsync("types", EveryType.Columns);
        var insert = await keyspace.Session.PrepareAsync($"INSERT INTO {keyspace.Name}.types {EveryType.Insert}");
        await keyspace.Session.ExecuteAsync(insert, new EveryType(1));
        using var result = await keyspace.Session.QueryAsync($"SELECT * FROM {keyspace.Name}.types");
        result.RowCount.ShouldBe(1);
        foreach (var row in result)
        {
            row["a"].GetText().ShouldBe("plain");
            row["b"].GetText().ShouldBe("kremówki 🧁");
            row["c"].GetBlob().ToArray().ShouldBe([0x00, 0xFF, 0x10]);
            row["d"].GetBoolean().ShouldBeTrue();
            row["e"].GetSByte().ShouldBe(sbyte.MinValue);
            row["f"].GetInt16().ShouldBe(short.MinValue);
            row["g"].GetInt64().ShouldBe(long.MinValue);
            row["h"].GetSingle().ShouldBe(1.5f);
            row["i"].GetDouble().ShouldBe(-1e-300);
            row["j"].GetTimestamp().ShouldBe(DateTimeOffset.UnixEpoch.AddMilliseconds(-1));
            row["k"].GetDate().ShouldBe(new DateOnly(1582, 10, 15));
            row["l"].GetTime().ShouldBe(TimeOnly.Parse("23:59:59.9999999", CultureInfo.InvariantCulture));
            row["m"].GetUuid().ShouldBe(new Guid("123e4567-e89b-42d3-a456-426614174000"));
            row["n"].GetUuid().ShouldBe(new Guid("50554d6e-29bb-11e5-b345-feff819cdc9f"));
            row["o"].GetInet().ShouldBe(IPAddress.Loopback);
            row["p"].GetInet().ShouldBe(IPAddress.Parse("2001:db8::1"));
            Ints(row["q"]).ShouldBe([3, -1, 3]);
            Map(row["u"]).ShouldBe(["1: one", "2: two"]);
        }
    }

    [Fact]
    public async Task Types_that_are_not_written_are_read_as_their_bytes()
    {
        await using var keyspace = await Keyspace.CreateAsync(await node.ContactPointsAsync());
        await keyspace.Session.QueryAsync($"CREATE TYPE {keyspace.Name}.place (street text, number int)");
        await keyspace.CreateTableAsync(
            "others", "id int PRIMARY KEY, v varint, d decimal, s duration, t tuple<int, text>, p frozen<place>");
        await keyspace.Session.QueryAsync($"INSERT INTO {keyspace.Name}.others (id, v, d, s, t, p) VALUES " +
            "(1, -129, 1.28, 1mo2d3ns, (7, 'x'), {street: 'y', number: 8})");
        using var result = await keyspace.Session.QueryAsync($"SELECT v, d, s, t, p FROM {keyspace.Name}.others");
        var columns = result.Columns.Select(column => column.Type.Code).ToArray();
        columns.ShouldBe([CqlTypeCode.VarInt, CqlTypeCode.Decimal, CqlTypeCode.Duration, CqlTypeCode.Tuple, CqlTypeCode.UserDefined]);
        foreach (var row in result)
        {
            Convert.ToHexStringLower(row["v"].Raw).ShouldBe("ff7f");
            Convert.ToHexStringLower(row["d"].Raw).ShouldBe("00000002" + "0080");
            Convert.ToHexStringLower(row["s"].Raw).ShouldBe("020406");
            Convert.ToHexStringLower(row["t"].Raw).ShouldBe("0000000400000007" + "0000000178");
            Convert.ToHexStringLower(row["p"].Raw).ShouldBe("0000000179" + "0000000400000008");
        }
    }

    private static List<int> Ints(CqlValue value)
    {
        var ints = new List<int>();
        foreach (var item in value.GetList())
        {
            ints.Add(item.GetInt32());
        }

        return ints;
    }

    private static List<string> Map(CqlValue value)
    {
        var entries = new List<string>();
        foreach (var (key, item) in value.GetMap())
        {
            entries.Add($"{key.GetInt32()}: {item.GetText()}");
        }

        return entries;
    }
}
