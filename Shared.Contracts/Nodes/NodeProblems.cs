namespace Shared.Contracts.Nodes;

/// <summary>The problems (RFC 9457) of a relay that a node acts on: the values of <c>type</c>, and the members that it reads.</summary>
public static class NodeProblems
{
    /// <summary>The time of the signature is more than <see cref="RequestSignature.MaximumAge"/> away from the relay's clock, which is in
    /// <see cref="RelayTimeMember"/>. The node corrects its difference and sends the request once more. Status 401.</summary>
    public const string SignatureTime = "urn:relay:problem:signature-time";

    /// <summary>The instant of the relay's clock, such as 2026-01-31T12:00:00.123Z.</summary>
    public const string RelayTimeMember = "relayTime";

    /// <summary>No key is known of this node: it has to enroll. Status 401.</summary>
    public const string UnknownNode = "urn:relay:problem:unknown-node";

    /// <summary>The signature is not by the key that the relay knows of this node, or not in the form of <see cref="RequestSignature"/>.
    /// Status 401.</summary>
    public const string Signature = "urn:relay:problem:signature";

    /// <summary>The request needs a node's signature or an API key, and has neither. Status 401.</summary>
    public const string Unauthorized = "urn:relay:problem:unauthorized";

    /// <summary>The enrollment token is unknown, expired, revoked or used up. Status 401.</summary>
    public const string EnrollmentToken = "urn:relay:problem:enrollment-token";

    /// <summary>Another key is enrolled under this node id; only the relay's operator frees it. Status 409.</summary>
    public const string NodeExists = "urn:relay:problem:node-exists";

    /// <summary>This key is enrolled under another node id. Status 409.</summary>
    public const string KeyExists = "urn:relay:problem:key-exists";

    /// <summary>The public key is not one on P-256 in its canonical encoding. Status 422.</summary>
    public const string NodeKey = "urn:relay:problem:node-key";

    /// <summary>The relay's operator banned the node: its key may be stolen. Status 403.</summary>
    public const string NodeBanned = "urn:relay:problem:node-banned";

    /// <summary>As many nodes are enrolled as the relay keeps. Status 503.</summary>
    public const string FleetFull = "urn:relay:problem:fleet-full";

    /// <summary>The sequence number of a check-in is lower than that of the last one, which is in <see cref="LastMember"/>: the node goes on
    /// with the number after that. Status 409.</summary>
    public const string Sequence = "urn:relay:problem:sequence";

    /// <summary>The sequence number of the last check-in that the relay stored of this node.</summary>
    public const string LastMember = "last";
}
