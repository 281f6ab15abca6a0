using System.Globalization;
using System.Text;
using System.Text.Json;
using Bitacora.Server.PythonHandlers;

namespace Bitacora.Server.Observing;

/// <summary>What came from Python's handlers, in <c>/api/stats</c> and <c>/metrics</c>.</summary>
internal static class PythonHandlerStats
{
    /// <summary>An object with one for each transport; null for one that is off.</summary>
    public static void Write(Utf8JsonWriter json, PythonListeners python)
    {
        json.WriteStartObject("python"u8);
        if (python.Tcp is { } tcp)
        {
            json.WriteStartObject("tcp"u8);
            json.WriteString("address"u8, tcp.Address.ToString());
            json.WriteNumber("connections"u8, tcp.Open);
            json.WriteNumber("refused_connections"u8, python.TcpCounts.Refused);
            Write(json, python.TcpCounts);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("tcp"u8);
        }

        if (python.Udp is { } udp)
        {
            json.WriteStartObject("udp"u8);
            json.WriteString("address"u8, udp.Address.ToString());
            json.WriteNumber("dropped_datagrams"u8, udp.Dropped);
            Write(json, python.UdpCounts);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("udp"u8);
        }

        json.WriteEndObject();
    }

    public static void Write(StringBuilder text, PythonListeners python)
    {
        void Both(string name, string help, Func<HandlerCounts, long> count)
        {
            MetricsEndpoint.Head(text, name, "counter", help);
            foreach (var (transport, counts) in new[] { ("tcp", python.TcpCounts), ("udp", python.UdpCounts) })
            {
                text.Append(CultureInfo.InvariantCulture, $"{name}{{transport=\"{transport}\"}} {count(counts)}\n");
            }
        }

        Both("bitacora_python_records_total", "Records that Python's handlers sent and that were read.", counts => counts.Taken);
        Both("bitacora_python_frames_unreadable_total", "Frames that hold no record.", counts => counts.Unreadable);
        Both("bitacora_python_frames_torn_total", "Frames of which a part came.", counts => counts.Torn);
        Both("bitacora_python_frames_too_long_total", "Frames that are longer than python:frame.", counts => counts.TooLong);
        Both("bitacora_python_records_lost_total", "Records that were read and could not be written.", counts => counts.Lost);
        MetricsEndpoint.One(text, "bitacora_python_connections", "gauge", "SocketHandlers that are connected.", python.Tcp?.Open ?? 0);
        MetricsEndpoint.One(text, "bitacora_python_connections_refused_total", "counter", "Connections beyond python:connections.",
            python.TcpCounts.Refused);
        MetricsEndpoint.One(text, "bitacora_python_datagrams_dropped_total", "counter",
            "Datagrams that the system dropped because they were not read in time.", python.Udp?.Dropped ?? 0);
    }

    private static void Write(Utf8JsonWriter json, HandlerCounts counts)
    {
        json.WriteNumber("records"u8, counts.Taken);
        json.WriteNumber("unreadable_frames"u8, counts.Unreadable);
        json.WriteNumber("torn_frames"u8, counts.Torn);
        json.WriteNumber("too_long_frames"u8, counts.TooLong);
        json.WriteNumber("lost_records"u8, counts.Lost);
    }
}
