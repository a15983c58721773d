using ClusterGrains.Resources;

namespace ClusterGrains.Clusters;

/// <summary>Was everything asked answered, and if not, what is in the way?</summary>
internal static class ReachabilityChecks
{
    public static IEnumerable<Finding> SecretsAreUsable(CheckInput input)
    {
        var result = input.Facts.Credentials;
        return result.Outcome switch
        {
            StepOutcome.SecretUnusable => [CheckInput.Finding(FindingCodes.SecretUnusable, Severity.Warning, result.Detail)],
            StepOutcome.SecretUnreadable =>
            [
                CheckInput.Finding(
                    FindingCodes.SecretUnreadable,
                    Severity.Warning,
                    $"The Secrets of the spec could not be read: {result.Detail} The next check tries again."),
            ],
            _ => [],
        };
    }

    /// <summary>An endpoint that fails while another one answers is worth knowing and no more.</summary>
    public static IEnumerable<Finding> AnEndpointAnswers(CheckInput input)
    {
        var answered = input.Facts.HealthFacts is not null;
        return
            from failure in input.Facts.PassedOver
            where failure.Result.Outcome is not StepOutcome.NoClusterManager || answered
            select Failed(input, failure.Endpoint, failure.Step, failure.Result, answered ? Severity.Info : Severity.Warning);
    }

    public static IEnumerable<Finding> EveryStepIsAnswered(CheckInput input) =>
        from step in Enum.GetValues<Step>()
        let result = input.Facts[step]
        where result.Outcome is not (StepOutcome.Ok or StepOutcome.NotAsked)
            && (result.Outcome is not StepOutcome.NoClusterManager || input.Facts.HealthFacts is not null)
        select Failed(input, input.Facts.Endpoint ?? "", step, result, SeverityOf(step, result));

    // Without settings the product's watermarks are assumed, and what an engine does not offer nobody can repair.
    private static Severity SeverityOf(Step step, StepResult result) =>
        step is Step.Settings || result.Outcome is StepOutcome.NotSupported ? Severity.Info : Severity.Warning;

    private static Finding Failed(CheckInput input, string endpoint, Step step, StepResult result, Severity severity)
    {
        var (code, what) = Explain(input, step, result);
        return CheckInput.Finding(code, severity, $"{endpoint} {what}", endpoint);
    }

    private static (string Code, string What) Explain(CheckInput input, Step step, StepResult result) => result.Outcome switch
    {
        StepOutcome.Dns => (FindingCodes.NameNotResolved,
            $"has a name that does not resolve{Detail(result)}. Correct it in spec.endpoints, or the DNS."),
        StepOutcome.Connect => (FindingCodes.ConnectionFailed,
            $"cannot be connected to{Detail(result)}. See that the cluster is up, that host, port and scheme are right, and that no "
            + "NetworkPolicy or firewall is in between."),
        StepOutcome.Refused => (FindingCodes.AddressRefused,
            $"leads to an address that this operator never connects to{Detail(result)}. Write the cluster's own address in spec.endpoints."),
        StepOutcome.Tls => (FindingCodes.TlsFailed, $"failed the TLS handshake{Detail(result)}. {TlsCure(input.Spec.Tls)}"),
        StepOutcome.Unauthorized => (FindingCodes.Unauthorized, $"answered 401 to {step.Request()}: {CredentialsCure(input.Spec)}"),
        StepOutcome.Forbidden => (FindingCodes.PermissionMissing,
            $"answered 403 to {step.Request()}: {Privilege(input.Engine)} {Consequence(step)}"),
        StepOutcome.NotSupported => (FindingCodes.RequestNotSupported,
            $"answered {result.HttpStatus} to {step.Request()}: it does not know the request. {Consequence(step)}"),
        StepOutcome.Throttled => (FindingCodes.Throttled,
            $"answered 429 to {step.Request()}: it is overloaded or limits this user. The next check tries again. {Consequence(step)}"),
        StepOutcome.NoClusterManager => (FindingCodes.NoClusterManager,
            $"answered {result.HttpStatus} to {step.Request()}: this node sees no cluster manager. Look at its log and at the network "
            + "between the nodes."),
        StepOutcome.Timeout => (FindingCodes.RequestTimedOut,
            $"gave no complete answer to {step.Request()}{Detail(result)}. See whether the cluster is overloaded; "
            + $"spec.schedule.requestTimeout ({Durations.Format(input.Spec.Schedule.EffectiveRequestTimeout)}) gives it more time. {Consequence(step)}"),
        StepOutcome.TooLarge => (FindingCodes.AnswerTooLarge,
            $"answered {step.Request()} with more than is accepted{Detail(result)}. {Consequence(step)}"),
        StepOutcome.UnexpectedStatus => (FindingCodes.UnexpectedStatus,
            $"answered {result.HttpStatus} to {step.Request()}. {StatusCure(result.HttpStatus)} {Consequence(step)}"),
        _ => (FindingCodes.BadAnswer,
            $"answered {step.Request()} with something else than a search cluster's JSON{Detail(result)}. See that it is the cluster, and "
            + $"not a login page or proxy. {Consequence(step)}"),
    };

    private static string Detail(StepResult result) => result.Detail.Length == 0 ? "" : $" ({result.Detail})";

    private static string Consequence(Step step) => step switch
    {
        Step.NodeStats => "Disks are not judged.",
        Step.Settings => "The product's default disk watermarks are assumed.",
        Step.Health => "Health is not known.",
        _ => "",
    };

    private static string TlsCure(TlsSpec tls) => tls.CaSecretRef is { } authority
        ? $"The host in the URL must be in the certificate, and one of the authorities in Secret {authority.Name} must have issued it."
        : "The host in the URL must be in the certificate; if its authority is a private one, put that into a Secret (key \"ca.crt\") and "
            + "name it in spec.tls.caSecretRef.name.";

    private static string CredentialsCure(SearchClusterSpec spec)
    {
        var auth = spec.Auth?.Basic ?? spec.Auth?.ApiKey ?? spec.Auth?.Bearer;
        return auth is null
            ? "it wants credentials. Put them into a Secret and name it in spec.auth."
            : $"it does not accept the credentials in Secret {auth.SecretRef.Name}. Update the Secret; the next check reads it anew.";
    }

    private static string Privilege(Engine engine) => engine switch
    {
        Engine.OpenSearch => "the user lacks cluster_monitor. Grant it to its role under cluster_permissions.",
        Engine.Elasticsearch => "the user lacks the cluster privilege monitor. Grant it to its role.",
        _ => "the user lacks the cluster privilege monitor (Elasticsearch) or cluster_monitor (OpenSearch). Grant it to its role.",
    };

    private static string StatusCure(int status) => status switch
    {
        >= 300 and < 400 => "Redirects are never followed; write the final URL in spec.endpoints.",
        >= 500 => "Look at its log, or at that of the proxy in front of it.",
        _ => "See that it is a search cluster.",
    };
}
