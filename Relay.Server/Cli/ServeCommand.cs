using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Relay.Server.Hosting;
using Relay.Server.Http.Tls;
using Relay.Server.Storage;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Platform.Files;

namespace Relay.Server.Cli;

/// <summary><c>relay serve</c>: runs the relay until a termination signal.</summary>
internal static class ServeCommand
{
    public const string DefaultData = ".relay";
    private const string AuthorityFile = "ca.pem";

    private const int MaximumNumber = 1_000_000;

    public static Command Create()
    {
        Option<string> data = new("--data")
        {
            Description = "The data folder: database, artifacts, keys and repository.",
            HelpName = "folder",
            DefaultValueFactory = _ => DefaultData,
        };
        Option<int> port = new("--port") { Description = "The HTTPS port; 0 picks a free one.", HelpName = "number", DefaultValueFactory = _ => Routes.DefaultPort };
        Option<IPAddress?> address = new("--address")
        {
            Description = "The IP address to listen on. Default: all addresses.",
            HelpName = "ip",
            CustomParser = result =>
            {
                if (IPAddress.TryParse(result.Tokens[0].Value, out IPAddress? parsed))
                {
                    return parsed;
                }

                result.AddError("--address takes an IP address.");
                return null;
            },
        };
        Option<string[]> names = new("--name")
        {
            Description = "A further host name or IP address for the relay's own certificate. Repeat the option for more.",
            HelpName = "host",
        };
        Option<string?> certificate = new("--certificate")
        {
            Description = "The PEM file of a certificate chain. Default: the relay issues its own certificate.",
            HelpName = "file",
        };
        Option<string?> certificateKey = new("--certificate-key")
        {
            Description = "The PEM file of the private key of --certificate.",
            HelpName = "file",
        };
        Option<string?> datasets = new("--datasets") { Description = "The folder that contains training files.", HelpName = "folder" };
        Option<string?> trustOut = new("--trust-out")
        {
            Description = "A folder that receives the files which nodes need: root.json, and ca.pem where the relay has it.",
            HelpName = "folder",
        };
        Option<string?> keys = new("--keys")
        {
            Description = "The folder 'online' of 'relay keys init'. The first start copies it into the data folder.",
            HelpName = "folder",
        };
        Option<bool> newKey = new("--new-admin-key") { Description = "Creates a new admin key and deletes the old ones." };
        Option<bool> startAnew = new("--start-anew")
        {
            Description = "For one start, after a loss that no backup mends: begins anew without the parts that are missing.",
        };
        Option<bool> clockIsRight = new("--clock-is-right")
        {
            Description = "For one start of a relay that was off for more than 90 days: its clock is right.",
        };
        Option<int> rateLimit = Number(
            "--rate-limit", "Requests per second that one address may send to the routes without a key, in bursts of five times as many; 0: no limit.",
            RelayOptions.DefaultRequestsPerSecondAndAddress, minimum: 0);
        Option<IPNetwork[]> proxies = new("--trusted-proxy")
        {
            Description = "The IP address or network, such as 10.0.0.0/8, of a proxy whose X-Forwarded-For names the client. Repeat the option for more. Default: none.",
            HelpName = "network",
            CustomParser = ParseNetworks,
        };
        Option<int> maximumNodes = Number(
            "--max-nodes", "The number of nodes whose reports the relay keeps.", RelayOptions.DefaultMaximumNodes, minimum: 1);
        Option<bool> verbose = new("--verbose") { Description = "Writes debug messages to the log." };

        Command command = new("serve", "Starts the relay.")
        {
            data, port, address, names, certificate, certificateKey, datasets, trustOut, keys, newKey, startAnew, clockIsRight, rateLimit, proxies,
            maximumNodes, verbose,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            RelayOptions options = new()
            {
                DataFolder = parsed.GetValue(data)!,
                KeysFolder = parsed.GetValue(keys),
                Port = parsed.GetValue(port),
                Address = parsed.GetValue(address),
                Tls = new ServerTlsOptions
                {
                    Names = parsed.GetValue(names) ?? [],
                    CertificateFile = parsed.GetValue(certificate),
                    CertificateKeyFile = parsed.GetValue(certificateKey),
                },
                DatasetsFolder = parsed.GetValue(datasets),
                NewAdminKey = parsed.GetValue(newKey),
                StartAnew = parsed.GetValue(startAnew),
                ClockIsRight = parsed.GetValue(clockIsRight),
                RequestsPerSecondAndAddress = parsed.GetValue(rateLimit),
                TrustedProxies = parsed.GetValue(proxies) ?? [],
                MaximumNodes = parsed.GetValue(maximumNodes),
                ShowAdminKey = key => output.WriteLine("Admin key, shown only this once: " + key),
                ShowNotice = output.WriteLine,
                LogLevel = parsed.GetValue(verbose) ? LogLevel.Debug : LogLevel.Information,
            };
            return ServeAsync(options, parsed.GetValue(trustOut), output, cancellationToken);
        });
        return command;
    }

    private static Option<int> Number(string name, string description, int value, int minimum)
    {
        Option<int> option = new(name) { Description = description, HelpName = "number", DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, CultureInfo.InvariantCulture, out int number) && (number < minimum || number > MaximumNumber))
            {
                result.AddError($"{name} takes {minimum} to {MaximumNumber}.");
            }
        });
        return option;
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

    private static async Task<int> ServeAsync(
        RelayOptions options, string? trustOut, TextWriter output, CancellationToken cancellationToken)
    {
        await using WebApplication app = await RelayHost.BuildAsync(options, cancellationToken);
        await StartAsync(app, options, cancellationToken);
        foreach (string url in app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses)
        {
            await output.WriteLineAsync(DisplayText.Format($"Listening on {url}"));
        }

        DataFolder folder = app.Services.GetRequiredService<DataFolder>();
        string? authority = app.Services.GetRequiredService<ServerTls>().AuthorityPem();
        if (trustOut is not null)
        {
            Directory.CreateDirectory(trustOut);
            if (authority is not null)
            {
                new DurableFiles().Replace(Path.Combine(trustOut, AuthorityFile), Encoding.ASCII.GetBytes(authority.TrimEnd() + "\n"));
            }

            new DurableFiles().Replace(Path.Combine(trustOut, Path.GetFileName(folder.TrustedRoot)), File.ReadAllBytes(folder.TrustedRoot));
        }

        await output.WriteLineAsync(
            options.Tls.CertificateFile is not { } given ? DisplayText.Format($"Clients trust {folder.AuthorityCertificate}")
            : authority is not null ? DisplayText.Format($"Clients trust the self-signed certificate in {given}")
            : DisplayText.Format($"Clients trust the authority that issued {given}; {AuthorityFile} is not written, since the file does not contain it"));
        await output.WriteLineAsync(DisplayText.Format($"Nodes start from {folder.TrustedRoot}"));
        await app.WaitForShutdownAsync(cancellationToken);

        // A worker that failed has stopped the host. Whatever restarts services must see that.
        return app.Services.GetServices<IHostedService>().OfType<BackgroundService>().Any(worker => worker.ExecuteTask is { IsFaulted: true })
            ? throw new CommandException("A part of the relay failed and stopped it; the log has the cause.")
            : 0;
    }

    private static async Task StartAsync(WebApplication app, RelayOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception e)
        {
            // Workers have started before the server: disposed without a stop, each would log its cancellation as a failure.
            await app.StopAsync(CancellationToken.None);
            if (Explain(e, options) is { } reason)
            {
                throw new RelayStartException(reason, e);
            }

            throw;
        }
    }

    private static string? Explain(Exception e, RelayOptions options) => e switch
    {
        IOException { InnerException: AddressInUseException } =>
            $"Another process listens on port {options.Port}: stop it, or choose another port by --port.",
        SocketException => $"The relay cannot listen on {options.Address?.ToString() ?? "all addresses"}, port {options.Port}: {e.Message}.",
        _ => null,
    };
}
