using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Bitacora.Alerting.Messages;

namespace Bitacora.Alerting.Channels;

/// <summary>JSON to an address. With a key it is signed: HMAC-SHA256 of the time, a dot and the body.</summary>
internal sealed class WebhookChannel(WebhookSettings channel, AlertSettings settings, HttpReceiver receiver, TimeProvider clock)
    : IAlertChannel
{
    public const string SignatureHeader = "Bitacora-Signature";
    public const string IdHeader = "Bitacora-Alert-Id";

    public string Name => channel.Name;

    public static string Sign(string key, long unixSeconds, ReadOnlySpan<byte> body)
    {
        var time = unixSeconds.ToString(CultureInfo.InvariantCulture);
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(key));
        hash.AppendData(Encoding.ASCII.GetBytes($"{time}."));
        hash.AppendData(body);
        return $"t={time},v1={Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }

    public Task SendAsync(AlertNotification notification, IReadOnlyList<string>? left, CancellationToken cancellationToken)
    {
        var body = WebhookMessage.Of(new AlertMessage(notification, settings));
        var headers = new List<(string, string)> { (IdHeader, notification.Id) };
        if (channel.Key is { } key)
        {
            headers.Add((SignatureHeader, Sign(key.Read(), clock.GetUtcNow().ToUnixTimeSeconds(), body)));
        }

        return receiver.PostAsync(Address, body, headers, cancellationToken);
    }

    public Task<string> ReachAsync(CancellationToken cancellationToken)
    {
        _ = channel.Key?.Read();
        return receiver.ReachAsync(Address, cancellationToken);
    }

    private string Address => channel.Url?.AbsoluteUri ?? channel.SecretUrl!.Read();
}
