namespace Sync.Native.Interop;

/// <summary>What a function returns: the constants of <c>relaysync.h</c>.</summary>
internal enum NativeStatus
{
    Ok = 0,
    InvalidArgument = 1,
    InvalidHandle = 2,
    NotReady = 3,
    WrongTask = 4,
    WrongWidth = 5,
    WrongType = 6,
    MissingValue = 7,
    WrongOutput = 8,
    NotExplainable = 9,
    ScorerFailed = 10,
    Refused = 11,
    TimedOut = 12,
    FileUnreadable = 13,
    Forked = 14,
    InternalError = 15,
}
