using Benchmarks;
using Benchmarks.Budget;
using Benchmarks.Datasets;
using Benchmarks.Export;
using Benchmarks.Federated;
using Benchmarks.Fleet;
using Benchmarks.Import;
using Benchmarks.Node;
using Benchmarks.Quality;
using Benchmarks.Reputation;
using Benchmarks.Scoring;
using Benchmarks.Serving;
using Benchmarks.Swap;
using Benchmarks.Training;
using Benchmarks.Trust;
using Benchmarks.WebConsole;

// A suite returns its rows; a child process measures one side of one of them.
using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};

Dictionary<string, Func<CancellationToken, Task<IReadOnlyList<BenchRow>>>> suites = new()
{
    ["scoring"] = ScoringSuite.RunAsync,
    ["swap"] = SwapSuite.RunAsync,
    ["training"] = TrainingSuite.RunAsync,
    ["export"] = ExportSuite.RunAsync,
    ["trust"] = TrustSuite.RunAsync,
    ["fleet"] = FleetSuite.RunAsync,
    ["import"] = ImportSuite.RunAsync,
    ["ip-reputation"] = ReputationSuite.RunAsync,
    ["federated"] = FederatedSuite.RunAsync,
    ["datasets"] = DatasetSuite.RunAsync,
    ["serving"] = ServingSuite.RunAsync,
    ["node"] = NodeSuite.RunAsync,
    ["quality"] = QualitySuite.RunQuickAsync,
    ["quality --full"] = QualitySuite.RunFullAsync,
    ["quality bins"] = QualityBins.RunAsync,
    ["quality variants"] = QualityVariants.RunAsync,
    ["budget"] = BudgetSuite.RunAsync,
    ["console"] = ConsoleSuite.RunAsync,
};

foreach (string id in BudgetSuite.Ids)
{
    suites.Add($"budget {id}", cancellationToken => BudgetSuite.RunAsync(id, cancellationToken));
}

foreach ((string part, Func<CancellationToken, Task<IReadOnlyList<BenchRow>>> runAsync) in FleetSuite.Parts)
{
    suites.Add($"fleet {part}", runAsync);
}

foreach ((string part, Func<CancellationToken, Task<IReadOnlyList<BenchRow>>> runAsync) in ServingSuite.Parts)
{
    suites.Add($"serving {part}", runAsync);
}

foreach ((string part, Func<CancellationToken, Task<IReadOnlyList<BenchRow>>> runAsync) in NodeSuite.Parts)
{
    suites.Add($"node {part}", runAsync);
}

if (args is [TrainingChild.Command, ..])
{
    return TrainingChild.Run(args[1..], stop.Token);
}

if (args is [FleetRelay.Command])
{
    return await FleetRelay.RunAsync();
}

if (args is [LightFleetRelay.Command])
{
    return await LightFleetRelay.RunAsync();
}

if (args is [TrustServer.Command])
{
    return await TrustServer.RunAsync();
}

string name = string.Join(' ', args);
if (!suites.TryGetValue(name, out Func<CancellationToken, Task<IReadOnlyList<BenchRow>>>? suite))
{
    Console.Error.WriteLine($"Usage: Benchmarks <suite>, where the suite is one of: {string.Join(", ", suites.Keys)}");
    return 2;
}

IReadOnlyList<BenchRow> rows = await suite(stop.Token);
if (rows.Count == 0)
{
    return 1;
}

new BenchReport(name, rows).Write(Console.Out);
return 0;
