namespace Relay.Server.Keys.Signers;

/// <summary>What kept the relay from signing.</summary>
internal enum SigningFault
{
    /// <summary>A key is missing, its settings are wrong, or the command that signs with it failed.</summary>
    Key,

    /// <summary>The time-stamp authority gave no time stamp.</summary>
    Authority,

    /// <summary>The clock may not date signatures.</summary>
    Clock,

    /// <summary>The disk or the database could not be read or written.</summary>
    Storage,

    /// <summary>Anything else, such as a repository that does not verify.</summary>
    Other,
}
