using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Bitacora.Testing.Http;

/// <summary>
/// An HTTP server that plays Slack or a webhook: it takes what is posted and answers as told, each answer once, the last for ever.
/// </summary>
public sealed class PlayedReceiver : IAsyncDisposable
{
    /// <summary>Takes the request and never answers.</summary>
    public const string Hang = "hang";

    /// <summary>Ends the connection without an answer.</summary>
    public const string Reset = "reset";

    /// <summary>Answers as <see cref="Ok"/>, a byte at a time.</summary>
    public const string Slow = "slow";

    public const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _served = new(0);
    private readonly ConcurrentQueue<string> _answers;
    private readonly Task _loop;

    public PlayedReceiver(params IEnumerable<string> answers)
    {
        _answers = new ConcurrentQueue<string>(answers);
        _listener.Start();
        _loop = ListenAsync();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/services/T0/B0/secret";

    public ConcurrentQueue<(string Head, string Body)> Requests { get; } = [];

    /// <summary>The bodies that were answered with 200.</summary>
    public ConcurrentQueue<string> Taken { get; } = [];

    /// <summary>Answers otherwise from now on.</summary>
    public void AnswerFromNow(string answer)
    {
        _answers.Enqueue(answer);
        while (_answers.Count > 1)
        {
            _answers.TryDequeue(out _);
        }
    }

    public static string Status(int code, string headers = "", string body = "") =>
        $"HTTP/1.1 {code} X\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();

        // A listener that was stopped refuses to be asked for a connection.
        await _loop;
        _listener.Stop();
        _stop.Dispose();
        _served.Dispose();
    }

    /// <summary>Waits until something is so after a request was served.</summary>
    public async Task UntilAsync(Func<bool> condition, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(condition);
        using var timeout = new CancellationTokenSource(limit);
        while (!condition())
        {
            await _served.WaitAsync(timeout.Token);
        }
    }

    private async Task ListenAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var own = socket;
        try
        {
            await using var stream = new NetworkStream(socket);
            var (head, body) = await ReadAsync(stream);
            var answer = _answers.Count > 1 && _answers.TryDequeue(out var once) ? once : _answers.TryPeek(out var last) ? last : Ok;
            Requests.Enqueue((head, body));
            switch (answer)
            {
                case Hang:
                    await stream.ReadExactlyAsync(new byte[1], _stop.Token);
                    break;
                case Slow:
                    using (var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10)))
                    {
                        foreach (var one in Encoding.UTF8.GetBytes(Ok))
                        {
                            await pace.WaitForNextTickAsync(_stop.Token);
                            await stream.WriteAsync(new[] { one }, _stop.Token);
                        }
                    }

                    Taken.Enqueue(body);
                    break;
                case Reset:
                    socket.LingerState = new LingerOption(true, 0);
                    break;
                default:
                    await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), _stop.Token);
                    if (answer == Ok)
                    {
                        Taken.Enqueue(body);
                    }

                    break;
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // The sender has gone, or the test ends.
        }
        finally
        {
            _served.Release();
        }
    }

    private async Task<(string Head, string Body)> ReadAsync(NetworkStream stream)
    {
        var bytes = new List<byte>();
        var buffer = new byte[4096];
        while (true)
        {
            var text = Encoding.Latin1.GetString([.. bytes]);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0 && bytes.Count - end - 4 >= LengthOf(text[..end]))
            {
                return (text[..end], Encoding.UTF8.GetString([.. bytes.Skip(end + 4)]));
            }

            var read = await stream.ReadAsync(buffer, _stop.Token);
            if (read == 0)
            {
                throw new IOException("the sender has gone");
            }

            bytes.AddRange(buffer.AsSpan(0, read));
        }
    }

    private static int LengthOf(string head) => head.Split("\r\n")
        .Where(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
        .Select(line => int.Parse(line[15..], System.Globalization.CultureInfo.InvariantCulture)).FirstOrDefault();
}
