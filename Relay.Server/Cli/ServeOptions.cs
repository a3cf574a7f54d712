using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Relay.Server.Cli.Configuration;
using Relay.Server.Fleet;
using Relay.Server.Hosting;
using Relay.Server.Http.Tls;
using Relay.Server.Telemetry;
using Shared.Contracts.Api;

namespace Relay.Server.Cli;

/// <summary>The options of <c>relay serve</c>.</summary>
internal sealed class ServeOptions
{
    private const int MaximumNumber = 1_000_000;
    private const string TextLog = "text";
    private const string JsonLog = "json";

    private readonly Option<string?> _config = new("--config")
    {
        Description = "The JSON file of settings. Default: the one that RELAY__CONFIG names, else appsettings.json, if it has a section Relay.",
        HelpName = "file",
    };

    private readonly Option<string> _data = RepositoryAccess.DataOption("The data folder: database, artifacts, keys and repository.");

    private readonly DatabaseOptions _database = new();

    private readonly ReplicaOptions _replica = new();

    private readonly ObjectStoreOption _objectStore = new();

    private readonly Option<int> _port = NumberOption.Create(
        "--port", "The HTTPS port; 0 picks a free one.", Routes.DefaultPort, IPEndPoint.MinPort, IPEndPoint.MaxPort);

    private readonly Option<IPAddress?> _address = CreateAddress("The IP address to listen on. Default: all addresses.");

    private readonly Option<string[]> _names = new("--name")
    {
        Description = "A further host name or IP address for the relay's own certificate. Repeat the option for more.",
        HelpName = "host",
    };

    private readonly Option<string?> _certificate = new("--certificate")
    {
        Description = "The PEM file of a certificate chain. Default: the relay issues its own certificate.",
        HelpName = "file",
    };

    private readonly Option<string?> _certificateKey = new("--certificate-key")
    {
        Description = "The PEM file of the private key of --certificate.",
        HelpName = "file",
    };

    private readonly Option<string?> _datasets = new("--datasets") { Description = "The folder that contains training files.", HelpName = "folder" };

    private readonly Option<string?> _trustOut = new("--trust-out")
    {
        Description = "A folder that receives the files which nodes need: root.json, and ca.pem where the relay has it.",
        HelpName = "folder",
    };

    private readonly Option<string?> _keys = new("--keys")
    {
        Description = "The folder 'online' of 'relay keys init'. The first start copies it into the data folder.",
        HelpName = "folder",
    };

    private readonly Option<string?> _keyPassphrase = new("--key-passphrase-file")
    {
        Description =
            "The file with the passphrase of the relay's keys: the first start makes them under it. Later starts know the file, and need " +
                "the option where it has moved.",
        HelpName = "file",
    };

    private readonly Option<bool> _newKey = new("--new-admin-key") { Description = "Creates a new admin key and revokes the old ones." };

    private readonly Option<bool> _startAnew = new("--start-anew")
    {
        Description = "For one start, after a loss that no backup mends: begins anew without the parts that are missing.",
    };

    private readonly Option<bool> _clockIsRight = new("--clock-is-right")
    {
        Description = "For one start of a relay that was off for more than 90 days: its clock is right.",
    };

    private readonly Option<int> _rateLimit = NumberOption.Create(
        "--rate-limit",
        "Requests per second that one node, or one address without a node's signature, may send to the routes of nodes, in bursts of " +
            "five times as many; 0: no limit.",
        RelayOptions.DefaultRequestsPerSecondAndAddress, minimum: 0, MaximumNumber);

    private readonly Option<int> _connections = NumberOption.Create(
        "--connections-per-address",
        "The connections that one client address may have open; trusted proxies are exempt. 0: a quarter of all connections, and no " +
            "bound for programs on this machine.",
        value: 0, minimum: 0, MaximumNumber);

    private readonly Option<IPNetwork[]> _proxies = new("--trusted-proxy")
    {
        Description = "The IP address or network, such as 10.0.0.0/8, of a proxy whose X-Forwarded-For names the client. Repeat the " +
            "option for more. Default: none.",
        HelpName = "network",
        CustomParser = ParseNetworks,
    };

    private readonly Option<int> _maximumNodes = NumberOption.Create(
        "--max-nodes", "The number of nodes that the relay enrolls, and whose reports it keeps.", RelayOptions.DefaultMaximumNodes,
        minimum: 1, MaximumNumber);

    private readonly Option<int> _historyDays = NumberOption.Create(
        "--history-days", "How long the history of what enrolled nodes ran is kept, and with it the metadata of that time.",
        (int)NodeLimits.DefaultRetention.TotalDays, minimum: 1, maximum: 3650, "days");

    private readonly RetentionOptions _retention = new();
    private readonly PruningOptions _pruning = new();

    private readonly Option<int> _maximumRuns = NumberOption.Create(
        "--max-runs", "The number of training runs that a model may have. 0: no limit.", value: 0, minimum: 0, MaximumNumber);

    private readonly Option<int> _maximumVersions = NumberOption.Create(
        "--max-versions", "The number of versions that a model may have. 0: no limit.", value: 0, minimum: 0, MaximumNumber);

    private readonly Option<int> _maximumData = NumberOption.Create(
        "--max-data", "The size of the data folder beyond which nothing is trained, imported or uploaded. 0: no limit.", value: 0, minimum: 0,
        MaximumNumber, "GiB");

    private readonly Option<bool> _openArtifacts = new("--open-artifacts")
    {
        Description = "Anyone may read metadata and artifacts. Default: enrolled nodes, and API keys.",
    };

    private readonly Option<bool> _openCheckIns = new("--open-check-ins")
    {
        Description =
            "Nodes that have not enrolled may report, as nodes of version 0.1 do: nothing proves who they are. Default: enrolled nodes only.",
    };

    private readonly Option<bool> _openMetrics = new("--open-metrics")
    {
        Description = "Anyone may read /metrics. Default: API keys of any role but node.",
    };

    private readonly Option<bool> _webhookPrivate = new("--webhook-private")
    {
        Description = "Webhooks may be at private, loopback and link-local addresses, and at http addresses of this machine. Default: public " +
            "https addresses only.",
    };

    private readonly Option<Uri?> _otlp = new("--otlp")
    {
        Description =
            "The address of an OpenTelemetry collector, such as http://localhost:4318, that receives traces and metrics over HTTP. " +
            "Default: OTEL_EXPORTER_OTLP_ENDPOINT; without both, none does.",
        HelpName = "url",
        CustomParser = ParseCollector,
    };

    private readonly Option<string?> _identity = new("--identity")
    {
        Description =
            "The JSON file that names OpenID Connect issuers, and which of their tokens have which role. SIGHUP reads it again. " +
                "Default: API keys only.",
        HelpName = "file",
    };

    private readonly Option<string?> _enrollTokenOut = new("--enroll-token-out")
    {
        Description = "A file that receives a new enrollment token at each start, for nodes that are started with the relay.",
        HelpName = "file",
    };

    private readonly Option<int> _eventStreams = NumberOption.Create(
        "--event-streams", "The number of event streams that may be open, at most a quarter of them by one client; nodes beyond it poll. 0: none.",
        RelayOptions.DefaultMaximumEventStreams, minimum: 0, MaximumNumber);

    private readonly Option<int> _pollSeconds = NumberOption.Create(
        "--poll-seconds", "Asks nodes to poll at this pace. It never makes one poll more often than its own options say. 0: asks for nothing.",
        value: 0, minimum: 0, maximum: 300, "seconds");

    private readonly Option<string> _log = new Option<string>("--log")
    {
        Description = "The form of the log. text: a line for people. json: a JSON object a line, also for what the start prints.",
        HelpName = "text|json",
        DefaultValueFactory = _ => TextLog,
    }.AcceptOnlyFromAmong(TextLog, JsonLog);

    private readonly Option<bool> _verbose = new("--verbose") { Description = "Writes debug messages to the log." };

    /// <summary>The options that a file and the environment may set.</summary>
    public IReadOnlyList<Option> Settings =>
    [
        _data, .. _database.Options, .. _replica.Options, _objectStore.Option, _port, _address, _names, _certificate, _certificateKey, _datasets,
        _trustOut, _keys, _keyPassphrase, _rateLimit, _connections, _proxies, _maximumNodes, _historyDays, .. _retention.Options,
        .. _pruning.Options, _maximumRuns, _maximumVersions, _maximumData, _eventStreams, _pollSeconds, _openArtifacts, _openCheckIns,
        _openMetrics, _identity, _webhookPrivate, _otlp, _enrollTokenOut, _log, _verbose,
    ];

    /// <summary>The options that would do harm at each start.</summary>
    private IReadOnlyList<Option> ForOneStart => [_newKey, _startAnew, _clockIsRight];

    public void AddTo(Command command)
    {
        foreach (Option option in (IEnumerable<Option>)[_config, .. Settings, .. ForOneStart])
        {
            command.Options.Add(option);
        }
    }

    public static Option<IPAddress?> CreateAddress(string description) => new("--address")
    {
        Description = description,
        HelpName = "ip",
        CustomParser = ParseAddress,
    };

    /// <summary>The file of settings that the command line names; null: none.</summary>
    public string? ConfigFile(ParseResult parsed) => parsed.GetValue(_config);

    public bool IsForOneStart(string setting) =>
        ForOneStart.Any(option => Setting.NameFor(option.Name).Equals(setting, StringComparison.OrdinalIgnoreCase));

    /// <summary>The folder that receives what nodes need; null: none.</summary>
    public string? TrustOut(ParseResult parsed) => parsed.GetValue(_trustOut);

    /// <summary>The file that receives an enrollment token; null: none.</summary>
    public string? EnrollTokenOut(ParseResult parsed) => parsed.GetValue(_enrollTokenOut);

    /// <summary>What receives the lines that the start prints.</summary>
    public TextWriter Output(ParseResult parsed) => LogFormatOf(parsed) is LogFormat.Json
        ? new LogNoticeWriter(parsed.InvocationConfiguration.Output, "relay serve", TimeProvider.System)
        : parsed.InvocationConfiguration.Output;

    private string? ReadFolderKey(ParseResult parsed, string? server)
    {
        string? file = _database.ReadFolderKeyFile(parsed);
        return file is null || server is not null ? file : throw new CommandException(
            "--folder-key-file puts the files of the data folder into a PostgreSQL database: name that by --database or --database-file");
    }

    public RelayOptions Read(ParseResult parsed)
    {
        TextWriter output = Output(parsed);
        if (parsed.GetValue(_certificate) is null)
        {
            GivenOptions.Refuse(parsed, [_certificateKey], "is the key of --certificate: set both or none");
        }
        else
        {
            GivenOptions.Refuse(parsed, [_names], "is for the relay's own certificate, and --certificate takes its place: leave out one of them");
        }

        string? server = _database.Read(parsed);
        return new()
        {
            DataFolder = parsed.GetValue(_data)!,
            Server = server,
            FolderKeyFile = ReadFolderKey(parsed, server),
            Replica = _replica.Read(parsed, server, ForOneStart),
            ObjectStore = _objectStore.Read(parsed),
            KeysFolder = parsed.GetValue(_keys),
            KeyPassphraseFile = parsed.GetValue(_keyPassphrase),
            Port = parsed.GetValue(_port),
            Address = parsed.GetValue(_address),
            Tls = new ServerTlsOptions
            {
                Names = parsed.GetValue(_names) ?? [],
                CertificateFile = parsed.GetValue(_certificate),
                CertificateKeyFile = parsed.GetValue(_certificateKey),
            },
            DatasetsFolder = parsed.GetValue(_datasets),
            NewAdminKey = parsed.GetValue(_newKey),
            StartAnew = parsed.GetValue(_startAnew),
            ClockIsRight = parsed.GetValue(_clockIsRight),
            RequestsPerSecondAndAddress = parsed.GetValue(_rateLimit),
            ConnectionsPerAddress = parsed.GetValue(_connections),
            TrustedProxies = parsed.GetValue(_proxies) ?? [],
            MaximumNodes = parsed.GetValue(_maximumNodes),
            HistoryTime = TimeSpan.FromDays(parsed.GetValue(_historyDays)),
            TrainingLimits = new(parsed.GetValue(_maximumRuns), parsed.GetValue(_maximumVersions)),
            MaximumDataBytes = parsed.GetValue(_maximumData) * (1L << 30),
            Retention = _retention.Read(parsed),
            Pruning = _pruning.Read(parsed),
            OpenArtifacts = parsed.GetValue(_openArtifacts),
            OpenCheckIns = parsed.GetValue(_openCheckIns),
            OpenMetrics = parsed.GetValue(_openMetrics),
            IdentityFile = parsed.GetValue(_identity),
            PrivateWebhooks = parsed.GetValue(_webhookPrivate),
            MaximumEventStreams = parsed.GetValue(_eventStreams),
            PollSeconds = parsed.GetValue(_pollSeconds),
            Telemetry = TelemetrySettings.Read(Environment.GetEnvironmentVariables(), parsed.GetValue(_otlp)),
            ShowAdminKey = key => output.WriteLine("Admin key, shown only this once: " + key),
            ShowNotice = output.WriteLine,
            LogFormat = LogFormatOf(parsed),
            LogLevel = parsed.GetValue(_verbose) ? LogLevel.Debug : LogLevel.Information,
        };
    }

    private LogFormat LogFormatOf(ParseResult parsed) => parsed.GetValue(_log) == JsonLog ? LogFormat.Json : LogFormat.Text;

    private static Uri? ParseCollector(ArgumentResult result)
    {
        if (TelemetrySettings.IsHttp(result.Tokens[0].Value))
        {
            return new Uri(result.Tokens[0].Value);
        }

        result.AddError("--otlp takes an address such as http://localhost:4318.");
        return null;
    }

    private static IPAddress? ParseAddress(ArgumentResult result)
    {
        if (IPAddress.TryParse(result.Tokens[0].Value, out IPAddress? parsed))
        {
            return parsed;
        }

        result.AddError("--address takes an IP address.");
        return null;
    }

    private static IPNetwork[]? ParseNetworks(ArgumentResult result)
    {
        List<IPNetwork> networks = [];
        foreach (string text in result.Tokens.Select(token => token.Value))
        {
            if (IPNetwork.TryParse(text, out IPNetwork network))
            {
                networks.Add(network);
            }
            else if (IPAddress.TryParse(text, out IPAddress? address))
            {
                networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            }
            else
            {
                result.AddError($"--trusted-proxy takes an IP address or a network such as 10.0.0.0/8, not '{text}'.");
                return null;
            }
        }

        return [.. networks];
    }
}
