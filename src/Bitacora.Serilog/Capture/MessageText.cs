using System.Globalization;
using System.Text;
using Serilog.Events;

namespace Bitacora.Serilog.Capture;

/// <summary>Renders messages into a buffer that is kept. One for each thread.</summary>
// A StringWriter holds nothing that must be given back.
#pragma warning disable CA1001
internal sealed class MessageText
#pragma warning restore CA1001
{
    private const int Kept = 16 << 10;

    [ThreadStatic]
    private static MessageText? _ofThread;

    private readonly StringWriter _writer = new(new StringBuilder(256), CultureInfo.InvariantCulture);
    private char[] _text = new char[256];

    /// <summary>This thread's.</summary>
    public static MessageText OfThread => _ofThread ??= new MessageText();

    /// <summary>The message. Valid until the next call.</summary>
    public ReadOnlySpan<char> Render(LogEvent logEvent)
    {
        var builder = _writer.GetStringBuilder().Clear();
        if (builder.Capacity > Kept)
        {
            builder.Capacity = 256;
            _text = new char[256];
        }

        logEvent.RenderMessage(_writer, CultureInfo.InvariantCulture);
        if (_text.Length < builder.Length)
        {
            _text = new char[Math.Max(builder.Length, _text.Length * 2)];
        }

        builder.CopyTo(0, _text, builder.Length);
        return _text.AsSpan(0, builder.Length);
    }
}
