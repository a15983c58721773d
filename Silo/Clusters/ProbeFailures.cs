using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using ClusterGrains.Resources;

namespace ClusterGrains.Clusters;

/// <summary>From exceptions to classes of outcome.</summary>
internal static class ProbeFailures
{
    private const int MaxDetail = 160;

    /// <summary>Null for an exception that no cluster can cause.</summary>
    public static StepResult? Classify(Exception failure) => failure switch
    {
        _ when Find<AddressRefusedException>(failure) is { } refused => Of(StepOutcome.Refused, refused.Message),
        _ when Find<NameUnresolvedException>(failure) is { } unresolved => Of(StepOutcome.Dns, unresolved.Message),
        _ when Find<EndpointUnreachableException>(failure) is { } unreachable => Of(StepOutcome.Connect, unreachable.Message),
        _ when Find<AuthenticationException>(failure) is { } tls => Of(StepOutcome.Tls, Innermost(tls).Message),
        HttpRequestException http => OfHttp(http.HttpRequestError, http),
        HttpIOException broken => OfHttp(broken.HttpRequestError, broken),
        JsonException => Of(StepOutcome.BadBody, "not JSON, or nested too deeply"),
        InvalidDataException => Of(StepOutcome.BadBody, "broken compression"),
        IOException => Of(StepOutcome.Connect, Reason(failure)),
        _ => null,
    };

    public static StepResult TimedOut(TimeSpan budget, string whose) =>
        Of(StepOutcome.Timeout, $"within {whose} of {Durations.Format(budget)}");

    private static StepResult OfHttp(HttpRequestError error, Exception failure) => error switch
    {
        HttpRequestError.NameResolutionError => Of(StepOutcome.Dns, ""),
        HttpRequestError.SecureConnectionError => Of(StepOutcome.Tls, Reason(failure)),
        HttpRequestError.ConfigurationLimitExceeded => Of(StepOutcome.TooLarge, "its headers alone"),
        HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError =>
            Of(StepOutcome.BadBody, "not HTTP"),
        HttpRequestError.ResponseEnded =>
            Of(StepOutcome.Connect, "closed before the answer was complete"),
        _ => Of(StepOutcome.Connect, Reason(failure)),
    };

    private static string Reason(Exception failure) =>
        Find<SocketException>(failure) is { } socket ? Words.Of(socket) : Innermost(failure).Message;

    private static StepResult Of(StepOutcome outcome, string detail) =>
        new(outcome, Detail: SafeText.Clean(detail.TrimEnd('.'), MaxDetail));

    private static T? Find<T>(Exception? failure)
        where T : Exception
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is T found)
            {
                return found;
            }
        }

        return null;
    }

    private static Exception Innermost(Exception failure) => failure.GetBaseException();
}
