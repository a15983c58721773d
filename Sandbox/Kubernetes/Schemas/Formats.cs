using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace ClusterGrains.Sandbox.Kubernetes.Schemas;

/// <summary>The string formats checked. Others are accepted as they are, as Kubernetes does with formats it does not know.</summary>
internal static partial class Formats
{
    public static bool Accepts(string format, string text) => format switch
    {
        "date-time" => text.Length >= 20 && text[10] is 'T' or 't' && DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _),
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
        "ipv4" => IPAddress.TryParse(text, out var four) && four.AddressFamily is AddressFamily.InterNetwork,
        "ipv6" => IPAddress.TryParse(text, out var six) && six.AddressFamily is AddressFamily.InterNetworkV6,
        "cidr" => IPNetwork.TryParse(text, out _),
        "uuid" => Guid.TryParseExact(text, "D", out _),
        "byte" => Base64.IsValid(text),
        "duration" => GoDuration().IsMatch(text),
        "hostname" => Hostname().IsMatch(text),
        _ => true,
    };

    [GeneratedRegex(@"^-?(0|(\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)((\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h))*)\z")]
    private static partial Regex GoDuration();

    [GeneratedRegex(@"^[a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?(\.[a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?)*\z")]
    private static partial Regex Hostname();
}
