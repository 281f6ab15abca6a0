using System.Text;
using Bitacora.Cli.Showing;

namespace Bitacora.Cli.Answers;

/// <summary>For programs: a JSON object a line, exactly as the HTTP API writes it.</summary>
internal sealed class JsonAnswer(Screen screen) : IAnswerWriter
{
    public void Write(ReadOnlyMemory<byte> row)
    {
        var line = Encoding.UTF8.GetString(row.Span);
        screen.Out.Write(screen.OutIsTerminal ? SafeJson.ForTerminal(line) : line);
        screen.Out.Write('\n');
    }

    public void End()
    {
    }
}
