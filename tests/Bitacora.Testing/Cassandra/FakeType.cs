using Bitacora.Testing.Cassandra.Wire;

namespace Bitacora.Testing.Cassandra;

/// <summary>A column's type as result metadata describe it.</summary>
public sealed class FakeType
{
    private readonly Action<WireWriter> _write;

    private FakeType(Action<WireWriter> write) => _write = write;

    public static FakeType Ascii { get; } = Simple(0x01);

    public static FakeType BigInt { get; } = Simple(0x02);

    public static FakeType Blob { get; } = Simple(0x03);

    public static FakeType Boolean { get; } = Simple(0x04);

    public static FakeType Counter { get; } = Simple(0x05);

    public static FakeType Decimal { get; } = Simple(0x06);

    public static FakeType Double { get; } = Simple(0x07);

    public static FakeType Float { get; } = Simple(0x08);

    public static FakeType Int { get; } = Simple(0x09);

    public static FakeType Timestamp { get; } = Simple(0x0B);

    public static FakeType Uuid { get; } = Simple(0x0C);

    public static FakeType Text { get; } = Simple(0x0D);

    public static FakeType Varint { get; } = Simple(0x0E);

    public static FakeType TimeUuid { get; } = Simple(0x0F);

    public static FakeType Inet { get; } = Simple(0x10);

    public static FakeType Date { get; } = Simple(0x11);

    public static FakeType Time { get; } = Simple(0x12);

    public static FakeType SmallInt { get; } = Simple(0x13);

    public static FakeType TinyInt { get; } = Simple(0x14);

    public static FakeType Duration { get; } = Simple(0x15);

    public static FakeType Custom(string className) => new(writer => writer.Short(0x00).String(className));

    public static FakeType List(FakeType element) => new(writer => element.Write(writer.Short(0x20)));

    public static FakeType Map(FakeType key, FakeType value) => new(writer => value.Write(key.Write(writer.Short(0x21))));

    public static FakeType Set(FakeType element) => new(writer => element.Write(writer.Short(0x22)));

    public static FakeType Tuple(params FakeType[] elements) => new(writer =>
    {
        writer.Short(0x31).Short(elements.Length);
        Array.ForEach(elements, element => element.Write(writer));
    });

    public static FakeType UserDefined(string keyspace, string name, params FakeColumn[] fields) => new(writer =>
    {
        writer.Short(0x30).String(keyspace).String(name).Short(fields.Length);
        Array.ForEach(fields, field => field.Type.Write(writer.String(field.Name)));
    });

    internal WireWriter Write(WireWriter writer)
    {
        _write(writer);
        return writer;
    }

    private static FakeType Simple(int id) => new(writer => writer.Short(id));
}
