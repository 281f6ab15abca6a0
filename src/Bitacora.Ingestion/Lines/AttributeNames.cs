namespace Bitacora.Ingestion.Lines;

/// <summary>The names of OpenTelemetry's semantic conventions that log formats share.</summary>
internal static class AttributeNames
{
    public static ReadOnlySpan<byte> ProcessId => "process.pid"u8;

    public static ReadOnlySpan<byte> ThreadId => "thread.id"u8;

    public static ReadOnlySpan<byte> ThreadName => "thread.name"u8;

    public static ReadOnlySpan<byte> FilePath => "code.file.path"u8;

    public static ReadOnlySpan<byte> LineNumber => "code.line.number"u8;

    public static ReadOnlySpan<byte> FunctionName => "code.function.name"u8;
}
