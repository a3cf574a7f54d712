using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Relay.Server.Cli;
using Relay.Server.Federation;
using Relay.Server.Http.Tls;
using Relay.Server.Keys;
using Relay.Server.Storage;
using Relay.Server.Tests.Cli;
using Relay.Training.Federated;

namespace Relay.Server.Tests.Federation;

/// <summary>The files of a round of three owners, its document, and a coordinator over HTTPS.</summary>
internal sealed class FederatedRound : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("relay-federate-").FullName;

    public static string[] Accept =>
        ["--accept", "conflicting-labels", "--accept", "shared-rows", "--accept", "class-recall", "--reason", "drawn rows"];

    public string Round => PathOf("round.json");

    public string Test => PathOf("test.csv");

    public string PathOf(string name) => Path.Combine(_folder, name);

    public string TrainOf(int owner) => PathOf($"train-{owner}.csv");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The owner whose key is encrypted.</summary>
    public const int Encrypted = 1;

    /// <summary>Writes keys, rows and the round document, as the guide does.</summary>
    /// <returns>The command that planned the round.</returns>
    public async Task<RelayCommandRun> PlanAsync(string algorithm = "gradient-boosting", int trees = 4, int owners = 3, params string[] options)
    {
        File.WriteAllText(PathOf("spec.json"), $$"""
            {
              "name": "traffic", "task": "classification", "algorithm": "{{algorithm}}",
              "columns": [
                { "name": "bytes", "type": "number" }, { "name": "protocol", "type": "category" }, { "name": "verdict", "type": "label" }
              ],
              "parameters": { "trees": {{trees}}, "depth": 4 }
            }
            """);
        WriteRows(Test, 150, seed: 99);
        List<string> plan =
            ["federate", "plan", PathOf("spec.json"), "--test", Test, "--minimum-rows", "50", "--output", Round, .. Accept, .. options];
        for (int owner = 0; owner < owners; owner++)
        {
            WriteRows(TrainOf(owner), 200 + (50 * owner), seed: owner);
            RelayCommandRun key = await RelayCommandRun.RunAsync(["federate", "key", PathOf($"owner-{owner}.pem"), .. PassphraseOf(owner)]);
            plan.AddRange(["--owner", $"owner-{owner}={key.Output.Trim().Split(' ')[^1]}", "--texts", PathOf($"texts-{owner}.json")]);
            Assert.Equal(0, (await RelayCommandRun.RunAsync(
                "federate", "texts", PathOf("spec.json"), "--train", TrainOf(owner), "--output", PathOf($"texts-{owner}.json"))).Code);
        }

        return await RelayCommandRun.RunAsync([.. plan]);
    }

    /// <param name="onLog">Receives what the coordinator logs, before it goes on.</param>
    public async Task<Coordinator> CoordinateAsync(Action<string>? onLog = null) => await Coordinator.StartAsync(
        RoundDocument.Parse(await File.ReadAllBytesAsync(Round)), PathOf("coordinator"), TimeProvider.System, onLog);

    public OwnerKey KeyOf(int owner) => OwnerKey.FromKey(
        KeyFolder.OpenFile(PathOf($"owner-{owner}.pem"), owner == Encrypted ? PathOf("passphrase") : null));

    /// <summary>The key of one owner is encrypted.</summary>
    private string[] PassphraseOf(int owner)
    {
        if (owner != Encrypted)
        {
            return [];
        }

        File.WriteAllText(PathOf("passphrase"), "correct horse battery staple\n");
        return ["--key-passphrase-file", PathOf("passphrase")];
    }

    /// <summary>The arguments by which an owner joins.</summary>
    public string[] JoinOf(int owner, Coordinator coordinator) =>
    [
        "federate", "join", Round, "--coordinator", coordinator.Address.ToString(), "--ca", coordinator.Authority,
        "--key", PathOf($"owner-{owner}.pem"), "--train", TrainOf(owner), "--test", Test, "--output", PathOf($"model-{owner}.onnx"),
        .. PassphraseOf(owner),
    ];

    public Task<RelayCommandRun> JoinAsync(int owner, Coordinator coordinator) =>
        Task.Run(() => RelayCommandRun.RunAsync(JoinOf(owner, coordinator)));

    /// <summary>Starts an owner as a process, which can be killed.</summary>
    public Process StartProcess(int owner, Coordinator coordinator) => Process.Start(
        new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, .. JoinOf(owner, coordinator)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private static void WriteRows(string path, int rows, int seed)
    {
        Random random = new(seed);
        StringBuilder csv = new("bytes,protocol,verdict\n");
        for (int row = 0; row < rows; row++)
        {
            int label = random.Next(3);
            csv.Append((label * 300) + random.Next(900)).Append(',').Append(random.Next(2) == 0 ? "tcp" : $"udp{seed % 2}").Append(',')
                .Append("fine flood scan".Split(' ')[label]).Append('\n');
        }

        File.WriteAllText(path, csv.ToString());
    }

    /// <summary>A coordinator in this process.</summary>
    internal sealed class Coordinator : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly RoundBoard _board;

        private Coordinator(WebApplication app, RoundBoard board, string authority, List<string> log)
        {
            (_app, _board, Authority, Log) = (app, board, authority, log);
            Address = new Uri(app.Urls.Single());
        }

        public Uri Address { get; }

        public string Authority { get; }

        public List<string> Log { get; }

        public IReadOnlyList<string> Missing => _board.Missing;

        public Task<RoundEnd> Ended => _board.Ended;

        public static async Task<Coordinator> StartAsync(
            RoundDocument round, string folder, TimeProvider timeProvider, Action<string>? onLog = null)
        {
            List<string> log = [];
            DataFolder data = DataFolder.CreateForTls(folder);
            RoundBoard board = new(round, timeProvider, line =>
            {
                lock (log)
                {
                    log.Add(line);
                }

                onLog?.Invoke(line);
            });
            WebApplication app = CoordinatorHost.Build(
                round, board, data, new ServerTlsOptions(), System.Net.IPAddress.Loopback, 0, TimeProvider.System);
            await app.StartAsync();
            board.Open();
            return new Coordinator(app, board, data.AuthorityCertificate, log);
        }

        public bool Said(string text)
        {
            lock (Log)
            {
                return Log.Exists(line => line.Contains(text, StringComparison.Ordinal));
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _app.StopAsync(new CancellationToken(canceled: true));
            await _app.DisposeAsync();
            _board.Dispose();
        }
    }
}
