using System.Net;
using Shared.Contracts.Api;

namespace Relay.Server.Hosting;

/// <summary>What an operator may set.</summary>
internal sealed record RelayOptions
{
    /// <summary>The folder that holds everything; it is made when missing.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The online half of a key ceremony, to copy into the data folder at the first start; null: the relay makes its own
    /// keys.</summary>
    public string? KeysFolder { get; init; }

    /// <summary>The HTTPS port; 0 takes a free one.</summary>
    public int Port { get; init; } = Routes.DefaultPort;

    /// <summary>The address to listen on; null: all of them.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>More host names and addresses for the relay's own certificate.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>A PEM chain to use in place of a certificate of the relay's own development CA.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>The PEM key of <see cref="CertificateFile"/>; null: it is in the same file.</summary>
    public string? CertificateKeyFile { get; init; }

    /// <summary>The folder that training files are named in; null: no training from files.</summary>
    public string? DatasetsFolder { get; init; }

    /// <summary>Makes a new admin key and forgets the old ones, for an operator who lost it.</summary>
    public bool NewAdminKey { get; init; }

    /// <summary>Shows a new admin key, once: the relay keeps only its hash.</summary>
    public Action<string> ShowAdminKey { get; init; } = key => Console.Out.WriteLine($"Admin key, shown only this once: {key}");

    /// <summary>Shows what an operator should know once, at the first start.</summary>
    public Action<string> ShowNotice { get; init; } = Console.Out.WriteLine;

    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>Requests a second that one address may send to the open routes, with bursts of five times as many.</summary>
    public int RequestsPerSecondAndAddress { get; init; } = 1000;

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
