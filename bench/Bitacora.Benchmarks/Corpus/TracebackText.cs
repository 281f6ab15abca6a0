using System.Text;

namespace Bitacora.Benchmarks.Corpus;

/// <summary>Tracebacks of about 1.4 KB in Python's form: some twenty frames and the exception.</summary>
internal static class TracebackText
{
    private static readonly string[] Modules = ["views", "models", "tasks", "client", "pool", "session", "serializers", "middleware"];
    private static readonly string[] Functions = ["dispatch", "get_response", "execute", "fetch", "commit", "acquire", "handle", "process"];
    private static readonly string[] Errors = ["TimeoutError", "ValueError", "KeyError", "OperationalError", "ConnectionError"];

    private static readonly byte[][] Frames =
    [
        .. from module in Modules
           from function in Functions
           select Encoding.UTF8.GetBytes($", in {function}\n    return self.{module}.{function}(*args)\n"),
    ];

    private static readonly byte[][] Files = [.. Modules.Select(m => Encoding.UTF8.GetBytes($"  File \"/srv/app/{m}.py\", line "))];
    private static readonly byte[][] Endings = [.. Errors.Select(e => Encoding.UTF8.GetBytes($"{e}: no answer for key "))];

    public static void Write(TextBuffer target, ref SplitMix random)
    {
        target.Append("Traceback (most recent call last):\n"u8);
        while (target.Length < 1_340)
        {
            target.Append(Files[random.Next(Files.Length)]);
            target.Append(random.Next(900));
            target.Append(Frames[random.Next(Frames.Length)]);
        }

        target.Append(Endings[random.Next(Endings.Length)]);
        target.AppendHex(random.Next(), 8);
    }
}
