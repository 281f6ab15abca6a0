namespace Bitacora.Alerting;

/// <summary>Where a secret is; and unless it was given, never the secret itself. One of both is set.</summary>
/// <param name="Variable">An environment variable.</param>
/// <param name="File">A file, whose first line it is.</param>
public sealed record SecretSource(string? Variable, string? File)
{
    private const int MaxLength = 4096;

    private string? _given;

    /// <summary>A secret that somebody has given already. It is never shown.</summary>
    public static SecretSource Given(string secret) => new(null, null) { _given = secret };

    /// <summary>The secret; read each time, so that a renewed file is noticed.</summary>
    /// <exception cref="AlertDeliveryException">It is not there. The message does not hold it.</exception>
    internal string Read()
    {
        if (_given is not null)
        {
            return _given;
        }

        if (Variable is { } variable)
        {
            return Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value
                ? value
                : throw new AlertDeliveryException($"the environment variable {variable} is not set");
        }

        try
        {
            using var reader = new StreamReader(File!);
            var buffer = new char[MaxLength];
            var text = buffer.AsSpan(0, reader.ReadBlock(buffer)).ToString().Split('\n')[0].Trim();
            return text.Length > 0 ? text : throw new AlertDeliveryException($"the file {File} is empty");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new AlertDeliveryException($"the file {File} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Where it is, for people.</summary>
    public override string ToString() =>
        _given is not null ? "***" : Variable is null ? $"file {File}" : $"environment variable {Variable}";
}
