namespace Relay.Server.History.Evidence;

/// <summary>The names of the files behind an answer. Metadata and targets have those of a repository, and timestamps their version.</summary>
internal static class EvidenceFolder
{
    public const string ReadMe = "README.txt";

    /// <summary>The answer of the relay, which nothing signs: the rest proves it, or does not.</summary>
    public const string Answer = "answer.json";

    /// <summary>The folder of the report before the time, and of the one after it.</summary>
    public static readonly string[] Reports = ["before", "after"];

    /// <summary>The text that the node signed.</summary>
    public const string CheckIn = "check-in.json";

    /// <summary>The parts of the request that the signature covers, and the signature.</summary>
    public const string Request = "request.json";

    /// <summary>The node's public key.</summary>
    public const string Key = "node-key.pem";

    /// <summary>The bytes that were signed, and the signature in DER, for tools that do not know RFC 9421.</summary>
    public const string SignatureBase = "signature-base.txt";

    public const string Signature = "signature.der";

    /// <summary>The most bytes of one document.</summary>
    public const long DocumentBytes = 64 << 20;

    /// <summary>The most bytes of one file: nodes take no longer one either.</summary>
    public const long FileBytes = 1L << 30;

    public const int Files = 10_000;
}
