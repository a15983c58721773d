using System.CommandLine;
using ClusterGrains.Benchmarks.Bulk;
using ClusterGrains.Benchmarks.Faults;
using ClusterGrains.Benchmarks.Fleet;
using ClusterGrains.Benchmarks.Rollout;
using ClusterGrains.Resources;

namespace ClusterGrains.Benchmarks;

/// <summary>The command line: one command per scenario.</summary>
internal static class BenchmarkCommand
{
    public static Task<int> Run(string[] args)
    {
        var root = new RootCommand("Scenarios that print how fast ClusterGrains is, and what it costs.") 
        {
            Bulk(), Count(), Rollout(), Faults(), Fleet(),
        };
        return root.Parse(args).InvokeAsync();
    }

    private static Command Bulk()
    {
        var megabytes = Number("--megabytes", 1_024, "Of NDJSON, generated anew.");
        var document = Number("--document-bytes", 1_000, "Of one document, about.");
        var files = Number("--files", 8, "They are cut into.");
        var workers = Number("--workers", 4, "Bulk requests at once.");
        var batch = Number("--batch-kibibytes", 8_192, "Of one bulk request.");
        var rounds = Number("--rounds", 3, "How often everything is sent.");
        var format = new Option<string>("--format") { Description = "plain, gzip or zstd.", DefaultValueFactory = _ => "plain" };
        format.AcceptOnlyFromAmong("plain", "gzip", "zstd");
        var command = new Command("bulk", "Loads a folder into a pretend cluster that only parses and counts, beside curl.")
        {
            megabytes, document, files, workers, batch, rounds, format,
        };
        command.SetAction((parsed, cancellationToken) => new BulkScenario(new BulkPlan
        {
            Bytes = (long)parsed.GetValue(megabytes) << 20,
            DocumentBytes = parsed.GetValue(document),
            Files = parsed.GetValue(files),
            Workers = parsed.GetValue(workers),
            BatchBytes = (long)parsed.GetValue(batch) << 10,
            Rounds = parsed.GetValue(rounds),
            Format = Enum.Parse<Datasets.DataFormat>(parsed.GetValue(format)!, ignoreCase: true),
        }).Run(cancellationToken));
        return command;
    }

    /// <summary>The pretend cluster; <c>bulk</c> starts it as a process of its own.</summary>
    private static Command Count()
    {
        var command = new Command(CountingServer.Command, "Parses bulk requests and counts, until its input ends.");
        command.SetAction((_, cancellationToken) => CountingServer.Run(cancellationToken));
        return command;
    }

    private static Command Rollout()
    {
        var documents = Number("--docs", 1_000_000, "Of the first version; the second has a hundredth more.");
        var files = Number("--files", 12, "Plain, gzip and zstd in turn.");
        var source = new Option<string>("--source") { Description = "file or s3.", DefaultValueFactory = _ => "file" };
        source.AcceptOnlyFromAmong("file", "s3");
        var endpoint = new Option<string>("--s3-endpoint") { Description = "For example http://127.0.0.1:9000." };
        var uri = new Option<string>("--s3-uri") { Description = "In a bucket that is created if need be, for example s3://feeds/products." };
        var accessKey = new Option<string>("--s3-access-key") { Description = "Of a user who may write there." };
        var secretKey = new Option<string>("--s3-secret-key") { Description = "Of the same user." };
        var command = new Command("rollout", "Two versions, a rollback and back, through a silo process; every document is compared.")
        {
            documents, files, source, endpoint, uri, accessKey, secretKey,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(source) == "s3"
                && new[] { endpoint, uri, accessKey, secretKey }.Any(option => string.IsNullOrEmpty(result.GetValue(option))))
            {
                result.AddError("--source s3 needs --s3-endpoint, --s3-uri, --s3-access-key and --s3-secret-key.");
            }
        });
        command.SetAction((parsed, cancellationToken) => new RolloutScenario(new RolloutPlan
        {
            Documents = parsed.GetValue(documents),
            Files = parsed.GetValue(files),
            S3 = parsed.GetValue(source) == "s3"
                ? new S3Target(
                    parsed.GetValue(endpoint)!, parsed.GetValue(uri)!, parsed.GetValue(accessKey)!, parsed.GetValue(secretKey)!)
                : null,
        }).Run(cancellationToken));
        return command;
    }

    private static Command Faults()
    {
        var scenario = new Argument<string>("scenario")
        {
            Description = $"{FaultsPlan.Usual}, {FaultsPlan.Move}, {FaultsPlan.Soak}, or a file in the scenario language.",
            DefaultValueFactory = _ => FaultsPlan.Usual,
        };
        var silos = Number("--silos", 3, "Processes; one keeps its state in a file, several in the double of MongoDB.");
        var clusters = Number("--clusters", 300, "SearchClusters.");
        var datasets = Number("--datasets", 20, "SearchDatasets that are updated all the time.");
        var interval = new Option<string>("--interval") { Description = "Of all resources, for example 10s.", DefaultValueFactory = _ => "10s" };
        var minutes = Number("--minutes", 30, "Of the soak.");
        var seed = Number("--seed", Random.Shared.Next(1, 1_000_000), "Of the soak.");
        interval.Validators.Add(result =>
        {
            if (!Durations.TryParse(result.GetValueOrDefault<string>() ?? "", out var time) || time < TimeSpan.FromSeconds(1))
            {
                result.AddError("--interval must be a duration of at least 1s, such as 10s or 1m.");
            }
        });
        var command = new Command("faults", "Kills, freezes and restarts silos of a fleet, and prints how long nothing was checked.")
        {
            scenario, silos, clusters, datasets, interval, minutes, seed,
        };
        command.SetAction((parsed, cancellationToken) => new FaultsScenario(new FaultsPlan
        {
            Scenario = parsed.GetValue(scenario)!,
            Silos = parsed.GetValue(silos),
            Clusters = parsed.GetValue(clusters),
            Datasets = parsed.GetValue(datasets),
            Interval = Durations.TryParse(parsed.GetValue(interval)!, out var time) ? time : TimeSpan.FromSeconds(10),
            Duration = TimeSpan.FromMinutes(parsed.GetValue(minutes)),
            Seed = parsed.GetValue(seed),
        }).Run(cancellationToken));
        return command;
    }

    private static Command Fleet()
    {
        var resources = Number("--resources", 10_000, "SearchClusters.");
        var namespaces = Number("--namespaces", 100, "They are spread over.");
        var requests = Number("--requests", 1_000, "Of each kind.");
        var callers = Number("--callers", 8, "That ask at once, where several do.");
        var command = new Command("fleet", "Asks the fleet API of a silo that has thousands of resources, and prints how long the answers took.")
        {
            resources, namespaces, requests, callers,
        };
        command.SetAction((parsed, cancellationToken) => new FleetScenario(new FleetPlan
        {
            Resources = parsed.GetValue(resources),
            Namespaces = parsed.GetValue(namespaces),
            Requests = parsed.GetValue(requests),
            Callers = parsed.GetValue(callers),
        }).Run(cancellationToken));
        return command;
    }

    private static Option<int> Number(string name, int usual, string what)
    {
        var option = new Option<int>(name) { Description = what, DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError($"{name} must be at least 1.");
            }
        });
        return option;
    }
}
