using System.Buffers.Binary;
using System.Text;
using Bitacora.Ingestion.Pickle;
using Bitacora.Records;

namespace Bitacora.Ingestion.Tests.Pickle;

/// <summary>Pickles put together by hand, the real ones of the folder beside the repository, and what is read of them.</summary>
internal static class Frames
{
    public static byte[] Stop { get; } = "."u8.ToArray();

    /// <summary>The folder with frames of real handlers; null where it is absent.</summary>
    public static string? Folder
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                var samples = Path.Combine(folder.FullName, "shared", "samples", "pickle");
                if (Directory.Exists(samples))
                {
                    return samples;
                }
            }

            return null;
        }
    }

    /// <summary>The pickle of a dictionary, of keys and the opcodes that give their values.</summary>
    public static byte[] Dictionary(params (string Key, byte[] Value)[] items) => Join([Items(items), Stop]);

    /// <summary>The opcodes of a dictionary.</summary>
    public static byte[] Items(params (string Key, byte[] Value)[] items) =>
        Join(["}("u8.ToArray(), .. items.SelectMany(item => new[] { Text(item.Key), item.Value }), "u"u8.ToArray()]);

    public static byte[] Text(string text) => Text(Encoding.UTF8.GetBytes(text));

    public static byte[] Text(byte[] utf8) => Join([Sized('X', utf8.Length), utf8]);

    public static byte[] Double(double value)
    {
        var bytes = new byte[9];
        bytes[0] = (byte)'G';
        BinaryPrimitives.WriteDoubleBigEndian(bytes.AsSpan(1), value);
        return bytes;
    }

    public static byte[] Ascii(string opcodes) => Encoding.Latin1.GetBytes(opcodes);

    public static byte[] Sized(char opcode, int length)
    {
        var bytes = new byte[5];
        bytes[0] = (byte)opcode;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), length);
        return bytes;
    }

    public static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];

    /// <summary>A message, and an attribute x with this value.</summary>
    public static LogRecord RecordWith(byte[] value) => Record(Dictionary(("msg", Text("m")), ("x", value)));

    public static LogRecord Record(byte[] pickle)
    {
        var builder = new RecordBatchBuilder(SenderId.None, RecordLimits.Default, Decoded.Clock);
        var record = builder.Begin();
        new PythonRecordDecoder().Decode(pickle, record);
        record.TryCommit(builder.AddOrigin(Decoded.Numbers), 0).ShouldBeTrue();
        return RecordBatch.Read(builder.Freeze().Bytes)[0].ToLogRecord();
    }

    /// <summary>The text of an attribute's value; null where there is none of that name.</summary>
    public static string? Attribute(this LogRecord record, string name) => record.Attributes
        .Where(attribute => attribute.Key == name).Select(attribute => attribute.Value.Text).SingleOrDefault();

    public static string Fault(byte[] pickle) => Should.Throw<PickleException>(() => Record(pickle)).Message;

    /// <summary>A whole pickle as JSON.</summary>
    public static string Json(byte[] pickle)
    {
        var json = new PickleJson();
        json.Write(new PickleMachine().Run(pickle), pickle);
        return Encoding.UTF8.GetString(json.Written);
    }
}
