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
    private bool _isInUse;

    /// <summary>The message. Valid until the thread's next call.</summary>
    public static ReadOnlySpan<char> Render(LogEvent logEvent)
    {
        // A value's text may log: what it says must not come into the message that is being rendered.
        var ofThread = _ofThread ??= new MessageText();
        return (ofThread._isInUse ? new MessageText() : ofThread).TextOf(logEvent);
    }

    private ReadOnlySpan<char> TextOf(LogEvent logEvent)
    {
        var builder = _writer.GetStringBuilder().Clear();
        if (builder.Capacity > Kept)
        {
            builder.Capacity = 256;
            _text = new char[256];
        }

        _isInUse = true;
        try
        {
            logEvent.RenderMessage(_writer, CultureInfo.InvariantCulture);
        }
        finally
        {
            _isInUse = false;
        }

        if (_text.Length < builder.Length)
        {
            _text = new char[Math.Max(builder.Length, _text.Length * 2)];
        }

        builder.CopyTo(0, _text, builder.Length);
        return _text.AsSpan(0, builder.Length);
    }
}
